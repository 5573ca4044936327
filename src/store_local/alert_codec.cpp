#include "alert_codec.hpp"

#include "bytes.hpp"

#include <algorithm>
#include <concepts>
#include <type_traits>

namespace yihong::store_local {
namespace {

/// What is written. Values of the versions before are read: what they did not know stays as it is in a new value.
constexpr int alert_version = 4;
constexpr int oldest_version = 1;

/// Writing and reading go through the same lists of fields (`fields` below), so they cannot differ.
class Writer {
public:
    std::string out{static_cast<char>(alert_version)};

    [[nodiscard]] static constexpr bool knows(int /*version*/) noexcept { return true; }

    template <typename T>
    void operator()(T const& value)
    {
        if constexpr (std::is_same_v<T, std::string>) {
            append_text(out, value);
        } else if constexpr (std::is_same_v<T, bool>) {
            out += value ? '\1' : '\0';
        } else if constexpr (std::is_enum_v<T>) {
            out += static_cast<char>(value);
        } else if constexpr (std::integral<T>) {
            append_varint(out, zigzag(static_cast<std::int64_t>(value)));
        } else if constexpr (std::is_same_v<T, UtcTime>) {
            append_varint(out, zigzag(value.time_since_epoch().count()));
        } else if constexpr (std::is_same_v<T, Decimal>) {
            out += static_cast<char>(value.scale());
            append_varint(out, zigzag(value.mantissa()));
        } else {
            compound(value);
        }
    }

private:
    template <typename T>
    void compound(std::optional<T> const& value)
    {
        (*this)(value.has_value());
        if (value)
            (*this)(*value);
    }
    template <typename T>
    void compound(std::vector<T> const& values)
    {
        append_varint(out, values.size());
        for (auto const& value : values)
            (*this)(value);
    }
    template <typename T>
    void compound(T const& value)
    {
        fields(*this, value);
    }
};

class Reader {
public:
    explicit Reader(std::string_view bytes) : in_{bytes}, version_{in_.byte()}, ok_{version_ >= oldest_version && version_ <= alert_version}
    {}

    /// Whether what is read was written by this version or a later one.
    [[nodiscard]] bool knows(int version) const noexcept { return version_ >= version; }

    [[nodiscard]] bool complete() const noexcept { return ok_ && in_.ok() && in_.at_end(); }

    template <typename T>
    void operator()(T& value)
    {
        if constexpr (std::is_same_v<T, std::string>) {
            value = in_.text();
        } else if constexpr (std::is_same_v<T, bool>) {
            value = in_.byte() != 0;
        } else if constexpr (std::is_enum_v<T>) {
            value = static_cast<T>(in_.byte());
        } else if constexpr (std::integral<T>) {
            value = static_cast<T>(in_.signed_varint());
        } else if constexpr (std::is_same_v<T, UtcTime>) {
            value = UtcTime{std::chrono::milliseconds{in_.signed_varint()}};
        } else if constexpr (std::is_same_v<T, Decimal>) {
            int const scale = in_.byte();
            auto const mantissa = in_.signed_varint();
            ok_ = ok_ && scale <= Decimal::max_scale && mantissa <= Decimal::max_mantissa && mantissa >= -Decimal::max_mantissa;
            value = ok_ ? Decimal{mantissa, scale} : Decimal{};
        } else {
            compound(value);
        }
    }

private:
    template <typename T>
    void compound(std::optional<T>& value)
    {
        bool present = false;
        (*this)(present);
        value.reset();
        if (present)
            (*this)(value.emplace());
    }
    template <typename T>
    void compound(std::vector<T>& values)
    {
        values.clear();
        for (auto left = in_.varint(); left > 0 && in_.ok(); --left)
            (*this)(values.emplace_back());
    }
    template <typename T>
    void compound(T& value)
    {
        fields(*this, value);
    }

    ByteReader in_;
    int version_;
    bool ok_;
};

template <typename Plain, typename T>
concept Is = std::is_same_v<std::remove_const_t<Plain>, T>;

void fields(auto& io, Is<Exceedance> auto& e)
{
    io(e.parameter), io(e.value), io(e.limit), io(e.below), io(e.multiple), io(e.item_class), io(e.time);
    if (io.knows(2))
        io(e.compared_with), io(e.limit_class), io(e.median), io(e.interval);
}

void fields(auto& io, Is<AlertCause> auto& c)
{
    io(c.rule), io(c.kind), io(c.severity), io(c.interval), io(c.since), io(c.last), io(c.items);
    if (io.knows(2))
        io(c.mean_class), io(c.month_over);
    if (io.knows(4))
        io(c.said), io(c.said_en);
}

void fields(auto& io, Is<AlertDeadlines> auto& d) { io(d.assign_by), io(d.progress_by), io(d.resolve_by), io(d.major); }

void fields(auto& io, Is<AlertTold> auto& t)
{
    io(t.messages), io(t.reminders), io(t.severity), io(t.worst), io(t.over), io(t.month_result);
}

void fields(auto& io, Is<Alert> auto& a)
{
    io(a.family), io(a.site), io(a.site_id), io(a.state), io(a.severity), io(a.peak_severity), io(a.causes), io(a.rules), io(a.worst),
        io(a.water_class), io(a.aqi);
    io(a.opened_at), io(a.updated_at), io(a.acknowledged_at), io(a.assigned_at), io(a.progress_at), io(a.resolved_at), io(a.closed_at);
    io(a.first_time), io(a.last_time), io(a.resolved_by_person), io(a.acknowledged_by), io(a.assignee), io(a.consequence_of),
        io(a.deadlines);
    io(a.reminded), io(a.escalation_level), io(a.escalate_at), io(a.silent_until), io(a.owes_notice), io(a.steps);
    if (io.knows(2))
        io(a.registered_at), io(a.reopened), io(a.told), io(a.present), io(a.peak_class), io(a.peak_aqi), io(a.peak_time);
}

void fields(auto& io, Is<JournalEntry> auto& e) { io(e.subject), io(e.at), io(e.document), io(e.hash); }

struct StepOfFormat1 {
    std::string alert, document, hash;
};
void fields(auto& io, Is<StepOfFormat1> auto& s) { io(s.alert), io(s.document), io(s.hash); }

void fields(auto& io, Is<Silence> auto& s)
{
    io(s.site), io(s.river), io(s.county), io(s.rule), io(s.begin), io(s.end), io(s.reason), io(s.author), io(s.created_at);
    if (io.knows(3))
        io(s.filter.text);
}

template <typename T>
std::string encoded(T const& value)
{
    Writer writer;
    fields(writer, value);
    return std::move(writer.out);
}

template <typename T>
std::optional<T> decoded(std::string_view bytes)
{
    Reader reader{bytes};
    T value;
    fields(reader, value);
    if (!reader.complete())
        return std::nullopt;
    return value;
}

/// Version 1 kept the worst class alone, and not what a value was compared with.
void complete_version_1(Alert& alert)
{
    auto const complete = [](Exceedance& item, RuleKind kind) {
        if (kind == RuleKind::jump)
            item.limit.reset();                    // a threshold without the median behind it
        else if (item.limit)
            item.compared_with = kind == RuleKind::aqi         ? Comparison::index
                                 : kind == RuleKind::discharge ? Comparison::discharge_limit
                                                               : Comparison::class_limit;
    };
    for (auto& cause : alert.causes)
        for (auto& item : cause.items) {
            complete(item, cause.kind);
            item.interval = cause.interval;
        }
    for (auto& item : alert.worst) {
        complete(item, alert.family == AlertFamily::air         ? RuleKind::aqi
                       : alert.family == AlertFamily::discharge ? RuleKind::discharge
                                                                : RuleKind::jump);
        if (!alert.causes.empty())
            item.interval = alert.causes.front().interval;
        if (item.item_class == alert.water_class && alert.water_class > 0)
            alert.peak_time = item.time;
    }
    alert.peak_class = alert.water_class;
    alert.peak_aqi = alert.aqi;
    if (alert.state == AlertState::resolved || alert.state == AlertState::closed)
        alert.water_class = alert.aqi = 0;         // what it was at its end is not known
}

bool is_known(std::vector<Exceedance> const& items)
{
    return std::ranges::all_of(items, [](Exceedance const& item) {
        return item.compared_with <= Comparison::median && item.interval <= all_interval_kinds.back();
    });
}

}  // namespace

std::string encode_alert(Alert const& alert) { return encoded(alert); }
std::optional<Alert> decode_alert(std::string_view bytes)
{
    auto alert = decoded<Alert>(bytes);
    if (!alert || alert->family > all_alert_families.back() || alert->state > AlertState::closed ||
        alert->severity < AlertSeverity::notice || alert->severity > AlertSeverity::high || alert->peak_severity < AlertSeverity::notice ||
        alert->peak_severity > AlertSeverity::high || alert->told.month_result > MonthResult::missed ||
        (alert->told.severity && (*alert->told.severity < AlertSeverity::notice || *alert->told.severity > AlertSeverity::high)))
        return std::nullopt;
    for (auto const& cause : alert->causes)
        if (!is_known(cause.items) || cause.kind > all_rule_kinds.back() || cause.severity < AlertSeverity::notice ||
            cause.severity > AlertSeverity::high || cause.interval > all_interval_kinds.back())
            return std::nullopt;
    if (!is_known(alert->worst) || !is_known(alert->present))
        return std::nullopt;
    if (bytes.front() == 1)
        complete_version_1(*alert);
    return alert;
}

std::string encode_journal_entry(JournalEntry const& entry) { return encoded(entry); }
std::optional<JournalEntry> decode_journal_entry(std::string_view bytes) { return decoded<JournalEntry>(bytes); }
std::optional<JournalEntry> decode_step_of_format_1(std::string_view bytes)
{
    auto step = decoded<StepOfFormat1>(bytes);
    if (!step)
        return std::nullopt;
    JournalEntry entry;
    entry.subject = std::move(step->alert), entry.document = std::move(step->document), entry.hash = std::move(step->hash);
    return entry;
}

std::string encode_silence(Silence const& silence) { return encoded(silence); }
std::optional<Silence> decode_silence(std::string_view bytes) { return decoded<Silence>(bytes); }

}  // namespace yihong::store_local
