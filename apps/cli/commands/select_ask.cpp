#include "cli/commands/select_ask.hpp"

#include <array>
#include <cctype>
#include <cstddef>

namespace hardscape::cli {
namespace {

struct Choice {
  std::string_view label;
  std::string_view value;
};
struct Asked {
  std::string_view title;
  std::vector<Choice> choices;
  std::size_t preset;       // taken when nothing is said
  bool takes_number;
};

const std::array<Asked, 5>& questions() {
  static const std::array<Asked, 5> k_questions{
      {{"What may it cost? (or type a number of dollars)",
        {{"under $500 (about $300)", "300"},
         {"$500 to $1,500 (about $1,000)", "1000"},
         {"$1,500 to $3,500 (about $2,500)", "2500"},
         {"over $3,500 (about $5,000)", "5000"},
         {"nothing to buy: rent only", "0"}},
        1,
        true},
       {"What is it for?",
        {{"training models", "training"},
         {"running models (inference)", "inference"},
         {"both", "both"},
         {"development and trying things out", "development"},
         {"devices in the field (edge)", "edge"}},
        3,
        false},
       {"Where will it run?",
        {{"at home", "home"}, {"in an office or lab", "office"}, {"in a data centre", "datacenter"}, {"on the move", "mobile"}},
        0,
        false},
       {"The largest model it must run?",
        {{"3B: small and fast", "3B"},
         {"7B: the usual", "7B"},
         {"13B: more able", "13B"},
         {"34B: very able", "34B"},
         {"70B: near the best", "70B"},
         {"180B: the largest", "180B"}},
        1,
        false},
       {"What matters most?",
        {{"speed", "speed"},
         {"cost", "cost"},
         {"efficiency (work per watt)", "efficiency"},
         {"portability", "portability"},
         {"a balance of all", "balanced"}},
        4,
        false}}};
  return k_questions;
}

enum class Step { chosen, back, cancel, again };

bool is_number(std::string_view text) {
  if (text.empty() || text.size() > 9) return false;
  for (const char c : text) {
    if (std::isdigit(static_cast<unsigned char>(c)) == 0) return false;
  }
  return true;
}

std::string cleaned(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != '$' && c != ',' && std::isspace(static_cast<unsigned char>(c)) == 0) {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return out;
}

// A letter, a value ("34B", "speed"), a number of dollars, "<" for back or "quit".
Step read_answer(const Asked& asked, const std::string& given, std::string& value) {
  const std::string word = cleaned(given);
  if (word == "<" || word == "back") return Step::back;
  if (word == "quit" || word == "q") return Step::cancel;
  if (word.empty()) {
    value = asked.choices[asked.preset].value;
    return Step::chosen;
  }
  if (word.size() == 1 && word[0] >= 'a' && static_cast<std::size_t>(word[0] - 'a') < asked.choices.size()) {
    value = asked.choices[static_cast<std::size_t>(word[0] - 'a')].value;
    return Step::chosen;
  }
  if (asked.takes_number && is_number(word)) {
    value = word;
    return Step::chosen;
  }
  for (const Choice& choice : asked.choices) {
    if (word == cleaned(std::string(choice.value))) {
      value = choice.value;
      return Step::chosen;
    }
  }
  return Step::again;
}

char letter_of(std::size_t index) { return static_cast<char>('a' + static_cast<int>(index)); }

Step ask_by_line(const Talk& talk, const Asked& asked, std::size_t number, std::string& value) {
  std::string text = "\n" + std::to_string(number) + ". " + std::string(asked.title) + "\n";
  for (std::size_t i = 0; i < asked.choices.size(); ++i) {
    text += std::string("   ") + letter_of(i) + ") " + std::string(asked.choices[i].label) + "\n";
  }
  talk.say(text);
  constexpr int k_tries = 5;
  for (int tries = 0; tries < k_tries; ++tries) {
    talk.say(std::string("   [") + letter_of(asked.preset) + "; < goes back] ");
    const Step step = read_answer(asked, talk.line(), value);
    if (step != Step::again) {
      talk.say("\n");
      return step;
    }
    talk.say(std::string("   One of a to ") + letter_of(asked.choices.size() - 1) +
             (asked.takes_number ? ", or a whole number of dollars.\n" : ".\n"));
  }
  return Step::cancel;
}

void draw(const Talk& talk, const Asked& asked, std::size_t number, std::size_t at, const std::string& typed, bool again) {
  const std::string up = "\x1b[" + std::to_string(asked.choices.size() + 2) + "A";
  std::string text = again ? up : std::string();
  text += "\r\x1b[K" + std::to_string(number) + ". " + std::string(asked.title) + "\n";
  for (std::size_t i = 0; i < asked.choices.size(); ++i) {
    text += std::string("\r\x1b[K ") + (i == at ? ">" : " ") + " " + letter_of(i) + ") " + std::string(asked.choices[i].label) + "\n";
  }
  text += "\r\x1b[K   " + (typed.empty() ? std::string("arrows or letter, Enter; left: back, Ctrl-C: give up") : "$" + typed) + "\n";
  talk.say(text);
}

Step ask_by_key(const Talk& talk, const Asked& asked, std::size_t number, std::string& value) {
  std::size_t at = asked.preset;
  std::string typed;
  bool again = false;
  for (;;) {
    draw(talk, asked, number, at, typed, again);
    again = true;
    const Key key = talk.key();
    switch (key.kind) {
      case Key::Kind::up: at = (at + asked.choices.size() - 1) % asked.choices.size(); break;
      case Key::Kind::down: at = (at + 1) % asked.choices.size(); break;
      case Key::Kind::back:
        if (typed.empty()) return Step::back;
        typed.pop_back();
        break;
      case Key::Kind::enter:
        value = typed.empty() ? std::string(asked.choices[at].value) : typed;
        return Step::chosen;
      case Key::Kind::letter: {
        if (asked.takes_number && std::isdigit(static_cast<unsigned char>(key.letter)) != 0 && typed.size() < 9) {
          typed += key.letter;
          break;
        }
        const auto index = static_cast<std::size_t>(key.letter - 'a');
        if (key.letter >= 'a' && index < asked.choices.size()) {
          draw(talk, asked, number, index, {}, true);
          value = asked.choices[index].value;
          return Step::chosen;
        }
        break;
      }
      case Key::Kind::cancel:
      case Key::Kind::end: return Step::cancel;
    }
  }
}

}  // namespace

std::string FiveAnswers::command_line() const {
  return "hardscape select --budget " + budget + " --use-case " + use_case + " --location " + location + " --model-size " +
         model_size + " --priority " + priority;
}

std::optional<FiveAnswers> ask_five(const Talk& talk) {
  FiveAnswers answers;
  const std::array<std::string*, 5> slots{&answers.budget, &answers.use_case, &answers.location, &answers.model_size,
                                          &answers.priority};
  std::size_t at = 0;
  while (at < slots.size()) {
    const Asked& asked = questions()[at];
    const Step step = talk.key ? ask_by_key(talk, asked, at + 1, *slots[at]) : ask_by_line(talk, asked, at + 1, *slots[at]);
    if (step == Step::cancel) return std::nullopt;
    if (step == Step::back) {
      at = at == 0 ? 0 : at - 1;
    } else {
      ++at;
    }
  }
  return answers;
}

}  // namespace hardscape::cli
