#include "exchange.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace yihong::gateway {
namespace {

using State = Exchange::State;

/// What happens, and when in seconds: `t` time passes, `a1` 9011 with QnRtn=1, `e1` 9012, `n` 9013, `u` an upload under its own QN, `q` under ours.
struct Case {
    std::string_view what;
    std::vector<std::pair<int, std::string_view>> story;
    State end;
    int attempts;
    Exchange::Plan plan{};
};

TEST(CommandExchange, Stories)
{
    Exchange::Plan const notice{.is_notice = true};
    Exchange::Plan const starts{.starts_uploads = true};
    for (auto const& [what, story, end, attempts, plan] : std::vector<Case>{
             {"answered and done", {{1, "a1"}, {2, "e1"}}, State::done, 1},
             {"no data", {{1, "a1"}, {2, "e100"}}, State::no_data, 1},
             {"failed", {{1, "a1"}, {2, "e2"}}, State::failed, 1},
             {"a result without code is a failure", {{1, "a1"}, {2, "e"}}, State::failed, 1},
             {"refused for its password", {{1, "a3"}}, State::refused, 1},
             {"an answer without code is a refusal", {{1, "a"}}, State::refused, 1},
             {"nothing yet", {{9, "t"}}, State::sent, 1},
             {"sent again after 10 s", {{10, "t"}}, State::sent, 2},
             {"answered at the third sending", {{10, "t"}, {20, "t"}, {21, "a1"}, {22, "e1"}}, State::done, 3},
             {"silent", {{10, "t"}, {20, "t"}, {30, "t"}, {39, "t"}, {40, "t"}}, State::timeout, 4},
             {"late answer after the end", {{10, "t"}, {20, "t"}, {30, "t"}, {40, "t"}, {41, "a1"}}, State::timeout, 4},
             {"answered, then silent", {{1, "a1"}, {10, "t"}, {11, "t"}}, State::timeout, 1},
             {"each upload gives it more time", {{1, "a1"}, {9, "u"}, {18, "u"}, {27, "t"}, {27, "e1"}}, State::done, 1},
             {"answers to both sendings", {{10, "t"}, {11, "a1"}, {12, "a1"}, {13, "e1"}}, State::done, 2},
             {"a result without answer", {{1, "e1"}}, State::done, 1},
             {"an upload with our QN stands for the answer", {{1, "q"}, {2, "e1"}}, State::done, 1},
             {"an upload that came anyway does not", {{1, "u"}, {10, "t"}}, State::sent, 2},
             {"not for ever", {{1, "a1"}, {3599, "u"}, {3600, "t"}}, State::timeout, 1},
             {"9013 answers no request", {{1, "n"}}, State::sent, 1},
             {"a notice", {{1, "n"}}, State::done, 1, notice},
             {"a notice answered by 9011", {{1, "a1"}}, State::done, 1, notice},
             {"a notice sent again", {{10, "t"}, {11, "n"}}, State::done, 2, notice},
             {"a stream that begins without ExeRtn", {{1, "a1"}, {5, "u"}, {11, "t"}}, State::done, 1, starts},
             {"a stream does not prolong it", {{1, "a1"}, {5, "u"}, {6, "e1"}}, State::done, 1, starts},
         }) {
        Exchange::Time const begin{std::chrono::hours{1}};
        Exchange exchange{plan, begin};
        for (auto const& [second, event] : story) {
            auto const now = begin + std::chrono::seconds{second};
            auto const code = event.size() > 1 ? std::optional{std::stoi(std::string{event.substr(1)})} : std::nullopt;
            switch (event.front()) {
            case 't': exchange.on_time(now); break;
            case 'a': exchange.on_reply(9011, code, now); break;
            case 'e': exchange.on_reply(9012, code, now); break;
            case 'n': exchange.on_reply(9013, code, now); break;
            default: exchange.on_upload(event == "q", now); break;
            }
        }
        EXPECT_EQ(exchange.state(), end) << what;
        EXPECT_EQ(exchange.attempts(), attempts) << what;
    }
}

}  // namespace
}  // namespace yihong::gateway
