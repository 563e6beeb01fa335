#include "cli/commands/select_view.hpp"

#include <fmt/format.h>

#include <cmath>

namespace hardscape::cli {
namespace {

std::string dollars(double value) {
  if (std::fabs(value) < 10) return fmt::format("${:.2f}", value);
  std::string digits = fmt::format("{:.0f}", value);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return "$" + digits;
}

std::string dollars(const Estimate& e) { return dollars(e.low) == dollars(e.high) ? dollars(e.low) : dollars(e.low) + " to " + dollars(e.high); }

// Short, for columns: "$1,740-2,000", "$0.18/h".
std::string short_price_of(const hardscape::Option& o) {
  if (o.candidate.usd_per_hour) return dollars(o.candidate.usd_per_hour->mid) + "/h";
  const Estimate& e = *o.candidate.usd;
  if (e.high <= 0) return "there";
  return dollars(e.low) == dollars(e.high) ? dollars(e.low) : dollars(e.low) + "-" + dollars(e.high).substr(1);
}

std::string short_speed(const Estimate& e) {
  const auto digits = [](double v) { return v >= 10 ? fmt::format("{:.0f}", v) : fmt::format("{:.1f}", v); };
  return fmt::format("{} ({}-{})", digits(e.mid), digits(e.low), digits(e.high));
}

void say_all(Document& document, const std::vector<std::string>& texts, Tone tone = Tone::plain) {
  if (texts.empty()) return;
  Bullets bullets;
  for (const std::string& text : texts) bullets.items.emplace_back(text, tone);
  document.blocks.emplace_back(std::move(bullets));
}

std::string asked_in_words(const Recommendation& r) {
  const Question& q = r.asked.question;
  std::string text = fmt::format("{} on {}", to_string(q.use_case), r.model.empty() ? q.model : r.model);
  if (r.model != q.model && !r.model.empty()) text += fmt::format(" (for {})", q.model);
  text += fmt::format(", {} tokens of context", q.context);
  if (q.concurrency > 1) text += fmt::format(", {} requests at once", q.concurrency);
  text += q.location == Location::datacenter ? ", in a data centre" : fmt::format(", {}", to_string(q.location));
  if (q.budget && q.budget->value > 0) text += fmt::format(", up to {}", dollars(q.budget->value));
  if (q.monthly_budget) text += fmt::format(", up to {} a month of rent", dollars(q.monthly_budget->value));
  return text + fmt::format(", priority {}", to_string(q.priority));
}

void add_parts(Document& document, const hardscape::Option& o, bool explain) {
  Table table{"parts", {{"part", Align::left, true}, {"count", Align::right}, {"price", Align::right}, {"from", Align::left, true}}, {}};
  for (const Part& part : o.candidate.parts) {
    table.rows.push_back({part.name, std::to_string(part.count), part.usd ? dollars(*part.usd) : "", part.price_note});
  }
  document.blocks.emplace_back(std::move(table));
  if (!explain) return;
  Bullets origins;   // whole, where a narrow table cuts them
  for (const Part& part : o.candidate.parts)
    if (!part.price_note.empty())
      origins.items.emplace_back(fmt::format("{} ({}): {}", part.name, part.price_id.empty() ? part.id : part.price_id, part.price_note));
  if (!origins.items.empty()) document.blocks.emplace_back(std::move(origins));
}

Table options_table(const Recommendation& r) {
  Table table{"options",
              {{"", Align::left},
               {"what", Align::left, true},
               {"price", Align::right},
               {r.asked.question.concurrency > 1 ? "tokens/s each" : "tokens/s", Align::right},
               {"W", Align::right},
               {fmt::format("{:g} years", r.asked.question.years), Align::right}},
              {}};
  const auto add = [&](const hardscape::Option& o, std::string mark) {
    table.rows.push_back({std::move(mark), o.candidate.name, short_price_of(o), short_speed(*o.performance.decode),
                          fmt::format("{:.0f}", o.candidate.load.value), o.over_years_usd ? dollars(o.over_years_usd->mid) : ""});
  };
  if (r.primary) add(*r.primary, "*");
  for (const hardscape::Option& o : r.alternatives) add(o, "");
  return table;
}

void add_answer(Document& document, const Recommendation& r, bool explain) {
  if (r.primary) {
    document.blocks.emplace_back(Heading{r.primary->candidate.name, 2});
    say_all(document, r.primary->why);
    if (!r.primary->candidate.rent_note.empty()) say_all(document, {r.primary->candidate.rent_note});
    if (r.primary->candidate.parts.size() > 1 || explain) add_parts(document, *r.primary, explain);
    if (!r.primary->warnings.empty()) {
      document.blocks.emplace_back(Heading{"Mind", 3});
      say_all(document, r.primary->warnings, Tone::warn);
    }
    document.blocks.emplace_back(Heading{r.alternatives.empty() ? "In numbers" : "Beside the alternatives", 3});
    document.blocks.emplace_back(options_table(r));
    if (explain) {
      for (const hardscape::Option& o : r.alternatives) {
        document.blocks.emplace_back(Heading{o.candidate.name, 3});
        say_all(document, o.why);
        add_parts(document, o, explain);
        say_all(document, o.warnings, Tone::warn);
      }
    }
  } else {
    document.blocks.emplace_back(Paragraph{Cell("Nothing meets these limits.", Tone::bad)});
    if (!r.clashes.empty()) {
      document.blocks.emplace_back(Heading{"What would have to give", 3});
      std::vector<std::string> sentences;
      for (const Clash& clash : r.clashes) {
        std::string names;
        for (const std::string& name : clash.limits) names += (names.empty() ? "" : ", ") + name;
        sentences.push_back(names + ": " + clash.relaxation);
      }
      say_all(document, sentences);
    }
  }
  if (!r.rejected.empty()) {
    document.blocks.emplace_back(Heading{"Near misses", 3});
    std::vector<std::string> sentences;
    for (const Rejected& x : r.rejected) sentences.push_back(x.name + ": " + x.reason + ".");
    say_all(document, sentences);
  }
  if (!r.worth_measuring.empty()) {
    document.blocks.emplace_back(Heading{"Worth finding out", 3});
    say_all(document, r.worth_measuring);
  }
  say_all(document, r.notes);
  if (!r.asked.assumptions.empty()) {
    document.blocks.emplace_back(Heading{"Assumed", 3});
    say_all(document, r.asked.assumptions, Tone::faint);
  }
  if (!explain) return;
  document.blocks.emplace_back(Heading{"Formulas", 3});
  say_all(document, {"Over the years: purchase + W / 1000 x hours x $/kWh x PUE, without interest and resale; rent x hours.",
                     "J a token: W at the wall over the tokens/s of all requests at once.",
                     "W at the wall: (0.75 x rating of the cards at work, a quarter of that for those that wait, + host) / 0.9; assumed for computers.",
                     "Tokens/s: a prediction whose range is meant to hold the truth 8 times in 10; see hardscape predict --explain.",
                     "Chosen from the cheap end of the Pareto front on, to what serves the priority better and is not slower."});
}

}  // namespace

Document view_of(const Recommendation& r, bool explain) {
  Document document;
  document.blocks.emplace_back(Heading{"What to choose"});
  document.blocks.emplace_back(Paragraph{asked_in_words(r) + "."});
  add_answer(document, r, explain);
  return document;
}

Document view_of(const GuideQuestion& question, const GuideAnswer& answer) {
  Document document;
  document.blocks.emplace_back(Heading{"The guide's rule of thumb"});
  document.blocks.emplace_back(Paragraph{fmt::format("{} on a {} model, {}, {}, priority {}.", question.use_case,
                                                     question.model_size, question.location, dollars(question.budget_usd),
                                                     question.priority)});
  document.blocks.emplace_back(Pairs{{{"Primary", Cell(answer.primary, Tone::strong)},
                                      {"Alternative", answer.alternative},
                                      {"Cost", answer.estimated_cost}}});
  say_all(document, answer.reasoning);
  say_all(document, answer.warnings, Tone::warn);
  if (!answer.notes.empty()) {
    document.blocks.emplace_back(Heading{"What is wrong with it", 3});
    say_all(document, answer.notes, Tone::warn);
  }
  document.blocks.emplace_back(Paragraph{Cell("Without --policy guide the answer is computed from today's catalogue.", Tone::faint)});
  return document;
}

Document view_of(const Scenario& scenario, const Recommendation& r, bool explain) {
  Document document;
  document.blocks.emplace_back(Heading{scenario.title});
  document.blocks.emplace_back(Paragraph{asked_in_words(r) + "."});
  document.blocks.emplace_back(Pairs{{{"The guide says", scenario.guide}}});
  add_answer(document, r, explain);
  document.blocks.emplace_back(Heading{"Why it differs from the guide", 3});
  say_all(document, differences(scenario, r));
  return document;
}

Document list_of_scenarios() {
  Document document;
  document.blocks.emplace_back(Heading{"Named questions"});
  Table table{"scenarios", {{"name", Align::left}, {"kind", Align::left}, {"what", Align::left, true}}, {}};
  for (const Scenario& s : scenarios()) table.rows.push_back({s.id, s.group, s.title});
  document.blocks.emplace_back(std::move(table));
  document.blocks.emplace_back(Preformatted{"hardscape select --scenario NAME"});
  return document;
}

}  // namespace hardscape::cli
