#pragma once

#include "yihong/hj212/cipher.hpp"
#include "yihong/hj212/segment.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace yihong::station {

/// A station as the host sees it: identity, settings, clock, and what it answers. No socket, no clock of its own.
class Logger {
public:
    struct Identity {
        std::string mn;
        std::string password;
        std::string st;
        hj212::Edition edition = hj212::Edition::hj212_2017;
        std::optional<hj212::Sm4> key;
        std::chrono::milliseconds drift{0};            ///< how far its clock is fast
    };

    /// A request for stored data: answered (9011), to be followed by the data and `result_of`.
    struct DataRequest {
        hj212::Outgoing answer_head;                   ///< QN, PW, MN and Flag of whatever answers the request
        int cn = 0;
        std::optional<UtcTime> begin;                  ///< none: the newest only
        UtcTime end{};
    };
    struct Reply {
        std::vector<hj212::Outgoing> messages;         ///< in this order
        std::optional<DataRequest> data;
    };

    explicit Logger(Identity identity) : me_{std::move(identity)} {}

    /// What a host's request or notice is answered with; its effects hold from now on. `segment.cp` must be plain.
    Reply answer(hj212::Segment const& segment, UtcTime now);
    /// 9012, the end of a request for data: 1 done, 4 unanswered, 100 nothing there.
    [[nodiscard]] static hj212::Outgoing result_of(DataRequest const& request, int exe_rtn);
    /// 9011 with QnRtn 2: there is no room for more requests.
    [[nodiscard]] static hj212::Outgoing refusal_of(DataRequest const& request);

    /// A message of the station itself; QN is the caller's. Flag bit 0 as `wants_answer` says.
    [[nodiscard]] hj212::Outgoing message(int cn, bool wants_answer) const;
    [[nodiscard]] UtcTime clock(UtcTime now) const noexcept { return now + me_.drift; }

    [[nodiscard]] Identity const& identity() const noexcept { return me_; }
    [[nodiscard]] hj212::Sm4 const* key() const noexcept { return me_.key ? &*me_.key : nullptr; }
    [[nodiscard]] bool sends_real_time() const noexcept { return real_time_; }
    /// As the host set them by 1000; none: as the options say.
    [[nodiscard]] std::optional<std::chrono::seconds> answer_timeout() const noexcept { return answer_timeout_; }
    [[nodiscard]] std::optional<int> resends() const noexcept { return resends_; }

private:
    struct Exchange;
    void execute(Exchange& exchange);
    bool read_or_set(Exchange& exchange);
    void set_clock(Exchange& exchange);
    void set_key(Exchange& exchange);
    void ask_for_data(Exchange& exchange);
    void upload_information(Exchange& exchange);
    void set_information(Exchange& exchange);

    Identity me_;
    bool real_time_ = true;
    std::optional<std::chrono::seconds> answer_timeout_;
    std::optional<int> resends_;
    std::map<std::string, std::string, std::less<>> settings_{
        {"RtdInterval", "60"}, {"MinInterval", "10"}, {"CstartTime", "000000"}, {"Ctime", "4"}, {"Stime", "30"}};
};

}  // namespace yihong::station
