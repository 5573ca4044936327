#include "command_desk.hpp"

#include "yihong/base/text.hpp"
#include "yihong/hj212/cipher.hpp"
#include "yihong/http/handlers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace yihong::gateway {
namespace {

constexpr std::size_t commands_kept = 50;          // of a device
constexpr std::size_t result_fields_kept = 64;
constexpr std::size_t result_value_kept = 200;

void audit(std::string const& by, std::string const& from, Command const& command, CommandState state)
{
    http::Request who;
    who.principal.name = by;
    who.peer = from;
    http::audit(who, "command", {{"mn", command.mn}, {"command", command.spec->name}, {"id", command.id}, {"state", to_text(state)}});
}

CommandState state_of(Exchange::State state)
{
    switch (state) {
    case Exchange::State::sent: return CommandState::sent;
    case Exchange::State::accepted: return CommandState::accepted;
    case Exchange::State::done: return CommandState::done;
    case Exchange::State::no_data: return CommandState::no_data;
    case Exchange::State::refused: return CommandState::refused;
    case Exchange::State::failed: return CommandState::failed;
    case Exchange::State::timeout: break;
    }
    return CommandState::timeout;
}

/// The code of a reply. \return nothing where it is missing or no number
std::optional<int> code_of(StationWord const& word)
{
    auto const name = word.cn == hj212::cn::execution_result ? std::string_view{"ExeRtn"} : std::string_view{"QnRtn"};
    for (auto const& [field, value] : word.fields) {
        int code = 0;
        if (field == name && std::from_chars(value.data(), value.data() + value.size(), code).ec == std::errc{})
            return code;
    }
    return std::nullopt;
}

std::string shown_value(std::string const& name, std::string const& value)
{
    constexpr std::array<std::string_view, 4> times{"SystemTime", "DataTime", "BeginTime", "EndTime"};
    if (is_secret_field(name))
        return "******";
    if (std::ranges::find(times, std::string_view{name}) != times.end())
        if (auto const time = hj212::parse_station_time(value))
            return format_rfc3339(*time);
    return to_valid_utf8(std::string_view{value}.substr(0, result_value_kept));
}

}  // namespace

std::string_view to_text(CommandState state) noexcept
{
    constexpr std::array<std::string_view, 11> names{
        "awaiting_confirmation", "queued", "sent", "accepted", "done", "no_data", "refused", "failed", "timeout",
        "not_connected",         "expired"};
    return names.at(static_cast<std::size_t>(state));
}

void CommandDesk::run(Later const& later)
{
    for (auto const& act : later)
        act();
}

std::shared_ptr<CommandDesk::Entry> CommandDesk::entry_of(std::string const& mn, std::string const& id)
{
    auto const desk = desks_.find(mn);
    if (desk == desks_.end())
        return nullptr;
    auto const at = std::ranges::find(desk->second.entries, id, [](auto const& entry) -> std::string const& { return entry->command.id; });
    return at == desk->second.entries.end() ? nullptr : *at;
}

/// Notes the state, says so in the audit, and tells who waits when it is the last one.
void CommandDesk::enter(Entry& entry, CommandState state, Later& later)
{
    auto& command = entry.command;
    command.state = state;
    if (is_final(state))
        command.ended_at = utc_now();
    later.emplace_back([command, state] { audit(command.by, command.from, command, state); });
    if (!is_final(state))
        return;
    for (auto& waiter : entry.waiters)
        later.emplace_back([done = std::move(waiter.done), command] { done(command); });
    entry.waiters.clear();
}

hj212::Edition CommandDesk::edition_of(std::string const& mn) const
{
    return board_.status(mn).edition.value_or(hj212::Edition::hj212_2017);
}

/// The frame of the command, to the connection its device speaks on now.
bool CommandDesk::send(Desk& desk, Entry& entry)
{
    auto const book = book_.load();
    auto& command = entry.command;
    auto const* known = book->find(command.mn);
    if (!known)
        return false;
    auto const now = utc_now();
    if (command.qn.empty()) {
        desk.last_qn = std::max(now, desk.last_qn + std::chrono::milliseconds{1});
        command.qn = hj212::format_qn(desk.last_qn);
        command.sent_at = now;
    }
    auto const status = board_.status(command.mn);
    auto const& types = known->device.system_types;
    hj212::Outgoing frame;
    frame.qn = command.qn;
    frame.st = !types.empty() ? types.front() : !status.system_type.empty() ? status.system_type : "32";
    frame.cn = command.spec->cn;
    frame.pw = known->device.password;
    frame.mn = command.mn;
    frame.flag = hj212::version_bits(command.edition) | 1;
    frame.cp = command.built.data_area(now);
    // 1014 is the surface-water network's clock, not the new key of HJ 212-2025
    auto const keys = command.edition == hj212::Edition::surface_water || !known->keys ? nullptr : known->keys->load();
    if (command.spec->offers_key) {
        if (!keys)
            return false;
        // sent again after the station took it and its answer was lost: the same key, under itself
        auto const& offered = keys->pending() ? *keys->pending() : keys->in_force();
        command.key_made_at = offered.made_at;
        frame.cp = fmt::format("SKCreateTime={};NewSK={}", hj212::format_station_time(offered.made_at.value_or(now)), offered.text);
    }
    return board_.send(command.mn, hj212::to_frame(frame, known->device.crc, keys ? &keys->in_force().sm4 : nullptr));
}

void CommandDesk::start_next(Desk& desk, Time now, Later& later)
{
    while (!desk.running && !desk.queue.empty()) {
        auto const entry = desk.queue.front();
        desk.queue.pop_front();
        ++running_;                                // before the station can answer
        if (!send(desk, *entry)) {
            --running_;
            enter(*entry, CommandState::not_connected, later);
            continue;
        }
        auto const& spec = *entry->command.spec;
        entry->exchange.emplace(Exchange::Plan{.is_notice = spec.kind == CommandSpec::Kind::notice,
                                               .starts_uploads = spec.starts_uploads,
                                               .timeout = options_.command_timeout,
                                               .resends = options_.command_resends},
                                now);
        entry->command.attempts = 1;
        desk.running = entry;
        enter(*entry, CommandState::sent, later);
    }
}

/// Takes over what the exchange of the running command has come to.
void CommandDesk::follow(Desk& desk, Time now, Later& later)
{
    auto const entry = desk.running;
    auto const& exchange = *entry->exchange;
    auto& command = entry->command;
    command.attempts = exchange.attempts();
    command.qn_rtn = exchange.qn_rtn();
    command.exe_rtn = exchange.exe_rtn();
    auto const state = state_of(exchange.state());
    if (state == CommandState::done && command.key_made_at)
        keys_.put_in_force(command.mn, *command.key_made_at, utc_now());
    if (state != command.state)
        enter(*entry, state, later);
    if (!exchange.ended())
        return;
    entry->exchange.reset();
    desk.running.reset();
    --running_;
    start_next(desk, now, later);
}

void CommandDesk::expire(Desk& desk, UtcTime now, Later& later)
{
    for (auto const& entry : desk.entries)
        if (entry->command.state == CommandState::awaiting_confirmation && entry->command.expires_at <= now)
            enter(*entry, CommandState::expired, later);
}

Result<Command> CommandDesk::give(Order order)
{
    Later later;
    auto const result = [&]() -> Result<Command> {
        std::lock_guard const lock{mutex_};
        auto& desk = desks_[order.mn];
        auto const now = utc_now();
        expire(desk, now, later);
        auto const waits = [](auto const& entry) { return entry->command.state <= CommandState::queued; };
        if (std::cmp_greater_equal(std::ranges::count_if(desk.entries, waits), options_.command_queue_limit))
            return fail(Errc::busy, fmt::format("{} commands wait for MN '{}' already", options_.command_queue_limit, order.mn));
        auto entry = std::make_shared<Entry>();
        auto& command = entry->command;
        last_id_ = std::max(now, last_id_ + std::chrono::milliseconds{1});
        command.id = std::to_string(last_id_.time_since_epoch().count());
        command.mn = order.mn;
        command.spec = order.spec;
        command.built = std::move(order.built);
        auto const status = board_.status(order.mn);
        command.edition = status.edition.value_or(hj212::Edition::hj212_2017);
        command.by = std::move(order.by);
        command.from = std::move(order.from);
        command.at = now;
        desk.entries.push_back(entry);
        for (auto at = desk.entries.begin(); at != desk.entries.end() && desk.entries.size() > commands_kept;)
            at = is_final((*at)->command.state) ? desk.entries.erase(at) : std::next(at);
        if (!status.connected || stopped_) {
            enter(*entry, CommandState::not_connected, later);
            return fail(Errc::conflict, fmt::format("MN '{}' is not connected", order.mn));
        }
        if (command.spec->needs_confirmation()) {
            command.expires_at = now + options_.confirmation_deadline;
            enter(*entry, CommandState::awaiting_confirmation, later);
        } else {
            enter(*entry, CommandState::queued, later);
            desk.queue.push_back(entry);
            start_next(desk, Time::clock::now(), later);
        }
        return command;
    }();
    run(later);
    return result;
}

Result<Command> CommandDesk::confirm(std::string const& mn, std::string const& id, std::string const& by, std::string const& from)
{
    Later later;
    auto const result = [&]() -> Result<Command> {
        std::lock_guard const lock{mutex_};
        auto const entry = entry_of(mn, id);
        if (!entry)
            return fail(Errc::not_found, "there is no such command");
        auto& desk = desks_[mn];
        expire(desk, utc_now(), later);
        auto& command = entry->command;
        if (command.state != CommandState::awaiting_confirmation)
            return fail(Errc::conflict, fmt::format("the command does not wait for confirmation; its state is {}", to_text(command.state)));
        command.confirmed_by = by;
        command.expires_at.reset();
        command.state = CommandState::queued;
        later.emplace_back([by, from, command] { audit(by, from, command, CommandState::queued); });
        desk.queue.push_back(entry);
        start_next(desk, Time::clock::now(), later);
        if (command.state == CommandState::not_connected)
            return fail(Errc::conflict, fmt::format("MN '{}' is not connected", mn));
        return command;
    }();
    run(later);
    return result;
}

void CommandDesk::when_ended(std::string const& mn, std::string const& id, std::function<void(Command)> done)
{
    Command as_it_is;
    {
        std::lock_guard const lock{mutex_};
        auto const entry = entry_of(mn, id);
        if (entry && !is_final(entry->command.state) && !stopped_) {
            entry->waiters.push_back({Time::clock::now() + options_.command_wait, std::move(done)});
            return;
        }
        if (entry)
            as_it_is = entry->command;
    }
    done(std::move(as_it_is));
}

std::optional<Command> CommandDesk::find(std::string const& mn, std::string const& id)
{
    Later later;
    std::optional<Command> found;
    {
        std::lock_guard const lock{mutex_};
        if (auto const entry = entry_of(mn, id)) {
            expire(desks_[mn], utc_now(), later);
            found = entry->command;
        }
    }
    run(later);
    return found;
}

std::vector<Command> CommandDesk::list(std::string const& mn)
{
    Later later;
    std::vector<Command> all;
    {
        std::lock_guard const lock{mutex_};
        auto const desk = desks_.find(mn);
        if (desk != desks_.end()) {
            expire(desk->second, utc_now(), later);
            for (auto const& entry : desk->second.entries)
                all.push_back(entry->command);
        }
    }
    run(later);
    std::ranges::reverse(all);
    if (all.size() > commands_kept)
        all.resize(commands_kept);
    return all;
}

void CommandDesk::hear(StationWord const& word, Time now)
{
    Later later;
    {
        std::lock_guard const lock{mutex_};
        auto const at = desks_.find(word.mn);
        if (at == desks_.end() || !at->second.running)
            return;
        auto& desk = at->second;
        auto& command = desk.running->command;
        auto& exchange = *desk.running->exchange;
        bool const same_qn = word.qn == command.qn;
        Exchange::Step step = Exchange::Step::nothing;
        if (word.is_reply) {
            if (same_qn || word.qn.empty())        // 2005 loggers may leave it out
                step = exchange.on_reply(word.cn, code_of(word), now);
        } else if (word.cn == command.spec->cn) {
            step = exchange.on_upload(same_qn, now);
            if (step != Exchange::Step::nothing) {
                command.records += word.is_record ? 1 : 0;
                for (auto const& [name, value] : word.fields) {
                    if (word.is_record || command.result.size() >= result_fields_kept)
                        break;
                    command.result.emplace_back(to_valid_utf8(std::string_view{name}.substr(0, result_value_kept)),
                                                shown_value(name, value));
                }
            }
        }
        if (step != Exchange::Step::nothing)
            follow(desk, now, later);
    }
    run(later);
}

void CommandDesk::tick(Time now)
{
    Later later;
    {
        std::lock_guard const lock{mutex_};
        auto const utc = utc_now();
        for (auto& [mn, desk] : desks_) {
            expire(desk, utc, later);
            if (desk.running) {
                auto const step = desk.running->exchange->on_time(now);
                if (step == Exchange::Step::resend)
                    send(desk, *desk.running);     // where the station is gone, it may be back for the next one
                if (step != Exchange::Step::nothing)
                    follow(desk, now, later);
            }
            for (auto const& entry : desk.entries)
                std::erase_if(entry->waiters, [&](Waiter& waiter) {
                    if (now < waiter.until)
                        return false;
                    later.emplace_back([done = std::move(waiter.done), command = entry->command] { done(command); });
                    return true;
                });
        }
    }
    run(later);
}

void CommandDesk::stop()
{
    Later later;
    {
        std::lock_guard const lock{mutex_};
        stopped_ = true;
        for (auto& [mn, desk] : desks_)
            for (auto const& entry : desk.entries)
                for (auto& waiter : std::exchange(entry->waiters, {}))
                    later.emplace_back([done = std::move(waiter.done), command = entry->command] { done(command); });
    }
    run(later);
}

}  // namespace yihong::gateway
