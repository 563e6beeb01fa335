#include "hardscape/endpoint.hpp"

#include <gtest/gtest.h>
#include <httplib.h>

#include <cmath>
#include <numeric>
#include <thread>

#include "engine/endpoint/chat_chunk.hpp"
#include "engine/endpoint/event_stream.hpp"
#include "engine/endpoint/url.hpp"

namespace hardscape {
namespace {

// A small server on loopback that streams, or misbehaves as it is told.
class FakeServer {
 public:
  enum class Mood { fine, no_usage, strict, nonsense, cut_off, failing, silent };

  explicit FakeServer(Mood mood) : mood_(mood) {
    server_.Get("/v1/models", [](const httplib::Request&, httplib::Response& response) {
      response.set_header("Server", "fake");
      response.set_content(R"({"data": [{"id": "tiny"}]})", "application/json");
    });
    server_.Post("/v1/chat/completions", [this](const httplib::Request& request, httplib::Response& response) { answer(request, response); });
    server_.new_task_queue = [] { return new httplib::ThreadPool(16); };
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ~FakeServer() {
    server_.stop();
    thread_.join();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::string last_body;

 private:
  void answer(const httplib::Request& request, httplib::Response& response) {
    {
      const std::lock_guard lock(mutex_);
      last_body = request.body;
    }
    if (mood_ == Mood::failing) {
      response.status = 500;
      response.set_content("boom", "text/plain");
      return;
    }
    if (mood_ == Mood::strict && request.body.find("ignore_eos") != std::string::npos) {
      response.status = 400;
      response.set_content("unknown field ignore_eos", "text/plain");
      return;
    }
    response.set_chunked_content_provider("text/event-stream", [this](std::size_t, httplib::DataSink& sink) {
      const auto send = [&](const std::string& text) { return sink.write(text.data(), text.size()); };
      if (mood_ == Mood::silent) std::this_thread::sleep_for(std::chrono::milliseconds(1500));
      for (int i = 0; i < 5; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(4));
        send(mood_ == Mood::nonsense ? "data: {not json\n\n" : R"(data: {"choices":[{"delta":{"content":"x"}}]})" "\n\n");
        if (mood_ == Mood::cut_off && i == 2) return false;
      }
      if (mood_ != Mood::no_usage) send(R"(data: {"choices":[],"usage":{"prompt_tokens":20,"completion_tokens":10}})" "\n\n");
      send("data: [DONE]\n\n");
      sink.done();
      return true;
    });
  }

  Mood mood_;
  httplib::Server server_;
  std::mutex mutex_;
  std::thread thread_;
  int port_ = 0;
};

EndpointOptions to(const FakeServer& server) {
  EndpointOptions options;
  options.url = server.url();
  options.requests = 6;
  options.concurrency = {1, 3};
  options.timeout_s = 20;
  return options;
}

TEST(Endpoint, TimesWhatTheClientFeels) {
  const FakeServer server(FakeServer::Mood::fine);
  auto options = to(server);
  options.ttft_limit_s = 100;
  const auto report = run_endpoint(*live_host(), options);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->model, "tiny");
  ASSERT_EQ(report->levels.size(), 2u);
  for (const auto& level : report->levels) {
    EXPECT_EQ(level.errors, 0);
    EXPECT_GE(level.ttft_s.min, 0.004);
    EXPECT_GE(level.e2e_s.min, 0.020);
    EXPECT_NEAR(*level.goodput_per_s, level.requests_per_s, 1e-9);
    for (const auto& s : level.samples) {
      EXPECT_EQ(s.output_tokens, 10);  // what usage says, although five chunks came
      EXPECT_EQ(s.prompt_tokens, 20);
      EXPECT_EQ(s.gaps_s.size(), 4u);
      EXPECT_GE(s.end_s, s.ttft_s);
    }
  }
  EXPECT_NE(server.last_body.find(R"("messages":[{"role":"user","content":)"), std::string::npos) << server.last_body;
}

TEST(Endpoint, SaysThatItCountedChunks) {
  const FakeServer server(FakeServer::Mood::no_usage);
  const auto report = run_endpoint(*live_host(), to(server));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->levels[0].samples[0].output_tokens, 5);
  ASSERT_FALSE(report->notes.empty());
  EXPECT_EQ(report->notes[0].code, "chunks-counted");
}

TEST(Endpoint, AStrictServerIsAskedWithoutExtensions) {
  const FakeServer server(FakeServer::Mood::strict);
  const auto report = run_endpoint(*live_host(), to(server));
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->levels[0].errors, 0);
  EXPECT_EQ(report->notes[0].code, "strict-server");
}

TEST(Endpoint, MisbehaviourIsNamed) {
  const struct {
    FakeServer::Mood mood;
    const char* word;
  } cases[] = {{FakeServer::Mood::nonsense, "not valid JSON"}, {FakeServer::Mood::cut_off, "cut off"}, {FakeServer::Mood::failing, "status 500"}, {FakeServer::Mood::silent, "time limit"}};
  for (const auto& c : cases) {
    const FakeServer server(c.mood);
    auto options = to(server);
    if (c.mood == FakeServer::Mood::silent) options.timeout_s = 0.5;
    const auto report = run_endpoint(*live_host(), options);
    ASSERT_FALSE(report) << c.word;
    EXPECT_EQ(report.error().code, ErrorCode::unavailable);
    EXPECT_NE(report.error().message.find(c.word), std::string::npos) << report.error().message;
  }
}

TEST(Endpoint, AServerThatIsDownIsUnavailable) {
  EndpointOptions options;
  options.url = "http://127.0.0.1:1";
  const auto report = run_endpoint(*live_host(), options);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::unavailable);
}

TEST(Endpoint, OpenLoopSendsEveryRequest) {
  const FakeServer server(FakeServer::Mood::fine);
  auto options = to(server);
  options.rate = 200;
  options.requests = 20;
  const auto report = run_endpoint(*live_host(), options);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->levels[0].requests, 20);
  EXPECT_EQ(report->levels[0].errors, 0);
}

// Mean and variance of the gaps of a Poisson process of rate 5: 1/5 and 1/25.
TEST(Arrivals, ArePoisson) {
  const auto at = poisson_arrivals(5, 20000, 7);
  std::vector<double> gaps;
  for (std::size_t i = 1; i < at.size(); ++i) gaps.push_back(at[i] - at[i - 1]);
  const double mean = std::accumulate(gaps.begin(), gaps.end(), 0.0) / static_cast<double>(gaps.size());
  double variance = 0;
  for (const double g : gaps) variance += (g - mean) * (g - mean) / static_cast<double>(gaps.size());
  EXPECT_NEAR(mean, 0.2, 0.005);
  EXPECT_NEAR(variance, 0.04, 0.003);
  EXPECT_EQ(at, poisson_arrivals(5, 20000, 7));
}

TEST(Summary, CountsTokensAfterTheFirst) {
  EndpointRequest r;
  r.ttft_s = 1;
  r.end_s = 3;
  r.output_tokens = 5;
  EndpointRequest failed;
  failed.outcome = RequestOutcome::timeout;
  EndpointOptions options;
  options.tpot_limit_s = 0.4;
  const auto level = summarize({r, failed}, 4, options);
  EXPECT_DOUBLE_EQ(level.tpot_s.p50, 0.5);
  EXPECT_EQ(level.errors, 1);
  EXPECT_EQ(level.timeouts, 1);
  EXPECT_DOUBLE_EQ(level.output_tokens_per_s, 1.25);
  EXPECT_DOUBLE_EQ(*level.goodput_per_s, 0);
}

TEST(EventStream, TakesPiecesOfAnySize) {
  const std::string stream = ": comment\r\ndata: one\r\n\r\ndata:two\ndata: lines\n\nevent: x\n\ndata: last\r\r";
  for (std::size_t piece = 1; piece < 12; ++piece) {
    EventStream events;
    std::vector<std::string> got;
    for (std::size_t i = 0; i < stream.size(); i += piece)
      ASSERT_TRUE(events.feed(std::string_view(stream).substr(i, piece), [&](std::string_view e) { got.emplace_back(e); }));
    EXPECT_EQ(got, (std::vector<std::string>{"one", "two\nlines", "last"})) << piece;
  }
  EventStream endless;
  EXPECT_FALSE(endless.feed(std::string(EventStream::k_longest_event + 2, 'x'), [](std::string_view) {}));
}

TEST(ChatChunk, ReadsReasoningUsageAndErrors) {
  EXPECT_TRUE(read_chat_chunk(R"({"choices":[{"delta":{"reasoning_content":"hm"}}]})")->has_text);
  EXPECT_FALSE(read_chat_chunk(R"({"choices":[{"delta":{"role":"assistant","content":""}}]})")->has_text);
  EXPECT_EQ(read_chat_chunk(R"({"usage":{"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":3}}})")->cached_tokens, 3);
  EXPECT_EQ(read_chat_chunk(R"({"error":{"message":"overloaded"}})")->error, "overloaded");
  EXPECT_FALSE(read_chat_chunk("[1]"));
  EXPECT_FALSE(read_chat_chunk(R"({"choices":3})"));
}

TEST(Url, IsTakenApart) {
  EXPECT_EQ(parse_endpoint_url("http://localhost:8080/")->base, "http://localhost:8080/v1");
  EXPECT_EQ(parse_endpoint_url("https://x/v3/")->base, "https://x/v3");
  EXPECT_EQ(parse_endpoint_url("https://x")->port, 443);
  EXPECT_EQ(parse_endpoint_url("localhost")->port, 80);
  EXPECT_EQ(parse_endpoint_url("http://[::1]:9/v3")->host, "::1");
  for (const auto* bad : {"ftp://x", "http://", "http://h:0", "http://h:99999", "http://a b"}) EXPECT_FALSE(parse_endpoint_url(bad)) << bad;
}

}  // namespace
}  // namespace hardscape
