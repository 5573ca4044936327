#include "reception.hpp"

#include "yihong/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong::gateway {
namespace {

namespace cn = hj212::cn;
using hj212::Segment;

std::string shown(std::string_view text) { return to_valid_utf8(text.substr(0, 40)); }

/// Which other form of the check sum would fit, for the one who registers the device. No check sum stands in it: they tell of the password.
std::string crc_detail(std::string_view segment, std::uint16_t sent, CrcForm expected)
{
    std::string text = "the CRC is wrong";
    for (auto const form : {CrcForm::hj212, CrcForm::modbus, CrcForm::modbus_swapped})
        if (form != expected && hj212::crc_of(segment, form) == sent)
            text += fmt::format("; it fits crc = \"{}\": set that in the device's entry if the logger really sends it", to_text(form));
    return text;
}

/// Replies keep QN, PW and MN of what they answer, and the version bits of its Flag.
std::string answer_to(Segment const& segment, int command, CrcForm form)
{
    hj212::Outgoing answer;
    answer.qn = segment.qn;
    answer.st = "91";
    answer.cn = command;
    answer.pw = segment.pw;
    answer.mn = segment.mn;
    if (segment.flag)
        answer.flag = *segment.flag & ~3;
    return hj212::to_frame(answer, form);
}

/// Sets the station's clock (1012), as it asked (1013).
std::string clock_setting(Segment const& segment, std::vector<hj212::Field> const& fields, KnownDevice const& device, UtcTime now)
{
    hj212::Outgoing request;
    request.qn = hj212::format_qn(now);
    request.st = segment.st;
    request.cn = cn::set_clock;
    request.pw = device.device.password;
    request.mn = device.device.mn;
    request.flag = hj212::version_bits(segment.edition()) | 1;
    auto const instrument = hj212::find_value(fields, "PolId");
    if (!instrument.empty())
        request.cp = "PolId=" + std::string{instrument} + ";";
    request.cp += "SystemTime=" + hj212::format_station_time(now);
    return hj212::to_frame(request, device.device.crc);
}

/// The form of check sum, of those that the device may send, in which a frame is whole.
std::optional<CrcForm> fitting_form(std::string_view segment, std::uint16_t crc, Device const* device)
{
    auto const usual = device ? device->crc : CrcForm::hj212;
    if (hj212::crc_of(segment, usual) == crc)
        return usual;
    if (device)
        for (auto const form : device->other_crc)
            if (hj212::crc_of(segment, form) == crc)
                return form;
    return std::nullopt;
}

/// A part without DataTime takes that of the parts before it.
void complete_part(Segment const& segment, std::vector<hj212::Field>& fields, SplitTimes& splits)
{
    bool const is_part = (segment.flag && (*segment.flag & 2) != 0) || segment.pnum.value_or(0) > 1;
    if (!is_part)
        return;
    if (auto const own = hj212::find_value(fields, "DataTime"); !own.empty())
        splits.remember(segment, own);
    else if (auto const known = splits.find(segment); !known.empty())
        fields.push_back({.code = "DataTime", .part = {}, .value = known});
}

bool is_notice(int command) noexcept { return command == cn::clock_request || command == cn::heartbeat || command == cn::alarm_2005; }
bool is_reply(int command) noexcept { return command >= cn::request_answer && command <= cn::data_answer; }

/// Why this sender is not let in, if so.
std::optional<Failure> turned_away(Segment const& segment, KnownDevice const* device, boost::asio::ip::address const& source)
{
    if (!device)
        return Failure{Errc::unknown_device, fmt::format("MN '{}' is not registered; add it under [[devices]]", shown(segment.mn))};
    if (segment.pw != device->device.password)
        return Failure{Errc::unauthorized, fmt::format("MN '{}': PW is wrong", device->device.mn)};
    if (!device->device.networks.empty() && !device->networks.contains(source))
        return Failure{Errc::forbidden,
                       fmt::format("MN '{}' may not come from {}; see `networks` of its entry", device->device.mn, source.to_string())};
    return std::nullopt;
}

}  // namespace

Reception receive(hj212::Frame const& frame, DeviceBook const& book, boost::asio::ip::address const& source, UtcTime now,
                  std::vector<hj212::Field>& scratch, SplitTimes& splits)
{
    Reception reception;
    auto const refuse = [&](Failure failure) {
        reception.kind = Reception::Kind::refused;
        reception.failure = std::move(failure);
    };
    auto const damaged = [&](std::string_view segment, Device const* device) {
        if (auto const fits = fitting_form(segment, frame.crc, device)) {
            reception.crc = *fits;
            return false;
        }
        reception.kind = Reception::Kind::damaged;
        reception.failure = {Errc::bad_value, crc_detail(segment, frame.crc, device ? device->crc : CrcForm::hj212)};
        return true;
    };

    auto segment = hj212::parse_segment(frame.segment);
    if (!segment) {
        if (!damaged(frame.segment, nullptr))
            refuse(std::move(segment.error()));
        return reception;
    }
    reception.segment = *segment;
    auto const* device = book.find(segment->mn);
    bool const encrypted = hj212::is_encrypted_command(segment->cn) && hj212::looks_encrypted(segment->cp);
    auto const* registered = device ? &device->device : nullptr;
    if (encrypted && device && device->keys) {
        auto const keys = device->keys->load();
        auto opened = keys->open(frame, segment->cp, device->device.crc, now);
        for (auto const form : device->device.other_crc)
            if (!fitting_form(hj212::in_clear(frame.segment, segment->cp, opened.plain), frame.crc, registered))
                opened = keys->open(frame, segment->cp, form, now);
        if (opened.key == keys->pending())
            reception.proves_key = opened.key->made_at;
        reception.plain_cp = std::move(opened.plain);
        if (damaged(hj212::in_clear(frame.segment, segment->cp, reception.plain_cp), registered))
            return reception;
        reception.segment->cp = reception.plain_cp;
    } else if (!encrypted || device) {
        if (damaged(frame.segment, registered)) {
            if (encrypted)
                reception.failure.detail += "; the data area looks encrypted: give the device its sm4_key";
            return reception;
        }
    }
    if (auto failure = turned_away(*segment, device, source)) {
        refuse(std::move(*failure));
        reception.is_stranger = true;
        return reception;
    }
    reception.device = device;
    auto const& types = device->device.system_types;
    if (!types.empty() && !is_reply(segment->cn) && std::ranges::find(types, segment->st) == types.end()) {
        refuse({Errc::forbidden, fmt::format("MN '{}' may not send ST={}; see `st` of its entry", device->device.mn, shown(segment->st))});
        return reception;
    }
    bool const is_clock = segment->cn == cn::new_key && segment->edition() == hj212::Edition::surface_water;
    if (device->device.encrypted_only && hj212::is_encrypted_command(segment->cn) && !is_clock && segment->cp.size() >= 16 &&
        reception.plain_cp.empty()) {
        refuse({Errc::forbidden, fmt::format("MN '{}' sends in clear; see `encrypted_only` of its entry", device->device.mn)});
        return reception;
    }
    if (is_reply(segment->cn)) {
        reception.kind = Reception::Kind::reply;
        return reception;
    }

    reception.kind = Reception::Kind::kept;
    hj212::parse_data_area(reception.segment->cp, scratch);
    if (hj212::interval_of(*segment, device->dialect)) {
        complete_part(*reception.segment, scratch, splits);
        auto meaning = hj212::read_data(*reception.segment, scratch, device->dialect);
        if (!meaning) {
            refuse(std::move(meaning.error()));
            return reception;
        }
        if (!meaning->record.readings.empty())
            reception.kind = Reception::Kind::record;
        else if (!meaning->refused.empty())
            refuse(meaning->refused.front());
        reception.meaning = std::move(*meaning);
        if (reception.kind == Reception::Kind::refused)
            return reception;
    }
    if (segment->wants_answer())
        reception.answer = answer_to(*segment, is_notice(segment->cn) ? cn::notice_answer : cn::data_answer, reception.crc);
    if (segment->cn == cn::clock_request)
        reception.request = clock_setting(*segment, scratch, *device, now);
    return reception;
}

}  // namespace yihong::gateway
