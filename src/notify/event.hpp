#pragma once

#include "yihong/base/result.hpp"
#include "yihong/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihong::notify {

struct Pollutant {
    std::string parameter, name, name_en, value, unit;
    std::optional<double> multiple;                ///< by how much the limit is exceeded: 0.3 is 30 % above it
};

/// Somebody whom the event names: it is his turn.
struct Recipient {
    std::string name, role, phone, email;
    std::string dingtalk_id, wecom_id, feishu_id;  ///< by which a robot can call him (@); each may be empty
};

/// One step in an alert's life, read from its document (docs/notifications.md). Members that a document lacks stay empty.
struct Event {
    std::string document;                          ///< the bytes as they were queued
    std::string id;                                ///< idempotency key
    std::string type;
    std::string alert_id;                          ///< `subject`: what order is kept by
    std::string kind;                              ///< opened, updated, …: `type` without `yihong.alert.`
    UtcTime time{};
    bool is_alert = false;                         ///< false: about the service itself
    std::string family, rule, site, site_name, site_name_en, county, river, severity, peak_severity, state, class_label, assignee, aqi,
        peak_class_label, peak_aqi;                ///< the class and index are the present ones
    std::optional<std::pair<double, double>> position;     ///< longitude, latitude
    std::optional<UtcTime> opened_at, first_time, peak_time;
    std::vector<Pollutant> pollutants;             ///< as they are now: what it objects to, once it is over what it was about
    std::string title_zh, body_zh, title_en, body_en;
    std::string by, note;
    std::vector<Recipient> recipients;

    [[nodiscard]] bool has_ended() const noexcept { return kind == "resolved" || kind == "closed"; }
    /// The daily digest (每日摘要): it is about many alerts, and for people to read.
    [[nodiscard]] bool is_digest() const noexcept { return kind == "digest"; }
    /// Whether it wants its recipients to do something now: they are called by name (@), others only see it.
    [[nodiscard]] bool asks_somebody() const noexcept;
};

/// \return Errc::bad_syntax, missing_field (specversion, id, type, time are needed)
Result<Event> parse_event(std::string_view document);

/// 1 notice, 2 alert, 3 high; 0 for anything else.
[[nodiscard]] int severity_rank(std::string_view severity);

}  // namespace yihong::notify
