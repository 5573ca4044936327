#include "yihong/gateway/key_ring.hpp"

#include "yihong/base/file.hpp"
#include "yihong/base/json_writer.hpp"
#include "yihong/base/log.hpp"

#include <boost/asio/post.hpp>

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <stdexcept>

namespace yihong::gateway {
namespace {

constexpr std::size_t keys_kept = 16;              // of a device; the older ones open its kept frames

/// \return nothing where it is null or not there \throws std::runtime_error when it is no time
std::optional<UtcTime> time_of(simdjson::dom::element entry, std::string_view name)
{
    std::string_view text;
    if (entry[name].get(text) != simdjson::SUCCESS)
        return std::nullopt;
    auto const time = parse_rfc3339(text);
    if (!time)
        throw std::runtime_error{time.error().detail};
    return *time;
}

/// \throws std::runtime_error, or simdjson's, when it is damaged
std::vector<DeviceKey> keys_in(simdjson::dom::element device)
{
    std::vector<DeviceKey> keys;
    for (auto const entry : simdjson::dom::array{device["keys"]}) {
        std::string const text{std::string_view{entry["key"]}};
        auto const sm4 = hj212::Sm4::from_key(text);
        if (!sm4)
            throw std::runtime_error{sm4.error().detail};
        keys.push_back({text, *sm4, time_of(entry, "made_at"), time_of(entry, "in_force_since")});
    }
    if (std::ranges::none_of(keys, [](DeviceKey const& key) { return key.in_force_since.has_value(); }))
        throw std::runtime_error{"a device has no key in force"};
    return keys;
}

}  // namespace

DeviceKey const& KeySet::in_force() const noexcept
{
    auto const last = std::find_if(keys_.rbegin(), keys_.rend(), [](DeviceKey const& key) { return key.in_force_since.has_value(); });
    assert(last != keys_.rend());
    return *last;
}

DeviceKey const* KeySet::pending() const noexcept { return keys_.back().in_force_since ? nullptr : &keys_.back(); }

KeySet::Opened KeySet::open(hj212::Frame const& frame, std::string_view cp, CrcForm form, UtcTime at) const
{
    auto const& usual = in_force();
    auto const plain = usual.sm4.decrypted(cp);
    // The CRC has 256 values: a wrong key would pass now and then if its result did not have to be a text too.
    auto const fits = [&](std::string const& text) {
        return !hj212::looks_encrypted(text) && hj212::crc_of(hj212::in_clear(frame.segment, cp, text), form) == frame.crc;
    };
    if (!fits(plain)) {
        for (auto key = keys_.rbegin(); key != keys_.rend(); ++key) {
            if (&*key == &usual || (key->in_force_since && at > *usual.in_force_since + overlap))
                continue;
            if (auto other = key->sm4.decrypted(cp); fits(other))
                return {std::move(other), &*key};
        }
    }
    return {plain, &usual};
}

KeyRing::KeyRing(std::filesystem::path file) : file_{std::move(file)}
{
    if (!file_.empty())
        file_ = std::filesystem::absolute(file_);
    if (!file_.empty() && std::filesystem::exists(file_))
        read();
}

KeyRing::~KeyRing() { writer_.join(); }

void KeyRing::read()
{
    try {
        simdjson::dom::parser parser;
        for (auto const device : simdjson::dom::array{parser.load(file_.string())["devices"]})
            keys_.emplace(std::string_view{device["mn"]},
                          std::make_shared<Snapshot<KeySet>>(std::make_shared<KeySet const>(keys_in(device))));
    } catch (std::exception const& problem) {          // without them no station that took one could be understood
        throw std::runtime_error{fmt::format("{}: cannot be read ({}); restore it from the last backup", file_.string(), problem.what())};
    }
}

std::shared_ptr<Snapshot<KeySet> const> KeyRing::keys_of(Device const& device, UtcTime now)
{
    if (device.sm4_key.empty())
        return nullptr;
    auto const sm4 = hj212::Sm4::from_key(device.sm4_key);
    if (!sm4)
        return nullptr;                            // the loader has refused it before
    std::lock_guard const lock{mutex_};
    auto& snapshot = keys_[device.mn];
    std::vector<DeviceKey> keys;
    if (snapshot)
        keys = snapshot->load()->all();
    auto const configured = std::find_if(keys.rbegin(), keys.rend(), [](DeviceKey const& key) { return !key.made_at; });
    if (configured != keys.rend() && configured->sm4.key_as_hex() == sm4->key_as_hex())
        return snapshot;
    std::erase_if(keys, [](DeviceKey const& key) { return !key.in_force_since; });
    keys.push_back({device.sm4_key, *sm4, std::nullopt, now});
    auto set = std::make_shared<KeySet const>(std::move(keys));
    if (snapshot)
        snapshot->publish(std::move(set));
    else
        snapshot = std::make_shared<Snapshot<KeySet>>(std::move(set));
    return snapshot;
}

void KeyRing::make(std::string const& mn, UtcTime now)
{
    if (file_.empty())
        throw std::runtime_error{"there is no place for keys"};
    {
        std::lock_guard const lock{mutex_};
        auto& snapshot = *keys_.at(mn);
        auto const set = snapshot.load();
        if (!set->pending()) {
            auto keys = set->all();
            // the configuration's key stays: by it one knows whether the configuration has changed
            while (keys.size() >= keys_kept) {
                bool const is_needed = !keys[0].made_at && std::all_of(keys.begin() + 1, keys.end(),
                                                                       [](DeviceKey const& key) { return key.made_at.has_value(); });
                keys.erase(keys.begin() + (is_needed ? 1 : 0));
            }
            auto text = hj212::random_key();
            auto const sm4 = hj212::Sm4::from_key(text).value();
            keys.push_back({std::move(text), sm4, now, std::nullopt});
            snapshot.publish(std::make_shared<KeySet const>(std::move(keys)));
        }
    }
    save();
}

void KeyRing::put_in_force(std::string const& mn, UtcTime made_at, UtcTime now)
{
    {
        std::lock_guard const lock{mutex_};
        auto const found = keys_.find(mn);
        if (found == keys_.end())
            return;
        auto const set = found->second->load();
        if (!set->pending() || set->pending()->made_at != made_at)
            return;
        auto keys = set->all();
        keys.back().in_force_since = now;
        found->second->publish(std::make_shared<KeySet const>(std::move(keys)));
    }
    log::info("hj212_new_key", {{"mn", mn}, {"made_at", format_rfc3339(made_at)}});
    boost::asio::post(writer_, [this] {
        try {
            save();
        } catch (std::exception const& problem) {
            log::error("device_keys_not_written", {{"detail", problem.what()}});
        }
    });
}

/// All that the gateway made, with the configuration's keys of those devices.
void KeyRing::save()
{
    std::lock_guard const one{file_mutex_};
    std::map<std::string, std::shared_ptr<KeySet const>> sets;
    {
        std::lock_guard const lock{mutex_};
        for (auto const& [mn, snapshot] : keys_)
            if (auto set = snapshot->load(); set->all().size() > 1)
                sets.emplace(mn, std::move(set));
    }
    std::string text;
    JsonWriter json{text};
    json.begin_object().key("devices").begin_array();
    for (auto const& [mn, set] : sets) {
        json.begin_object().member("mn", mn).key("keys").begin_array();
        for (auto const& key : set->all()) {
            json.begin_object().member("key", key.text).member_or_null("made_at", key.made_at);
            json.member_or_null("in_force_since", key.in_force_since).end_object();
        }
        json.end_array().end_object();
    }
    json.end_array().end_object();
    text += '\n';
    write_private_file(file_, text);
}

}  // namespace yihong::gateway
