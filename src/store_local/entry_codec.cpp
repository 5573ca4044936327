#include "entry_codec.hpp"

#include "bytes.hpp"

#include <bit>

namespace yihong::store_local {
namespace {

constexpr char entry_version = 1;

void append_double(std::string& out, double v) { append_big_endian(out, std::bit_cast<std::uint64_t>(v)); }
double read_double(ByteReader& in)
{
    auto const bytes = in.bytes(8);
    return in.ok() ? std::bit_cast<double>(big_endian<std::uint64_t>(bytes)) : 0.0;
}

/// Which optional fields of a site follow.
enum : std::uint8_t { has_position = 1, has_target = 2, has_accuracy = 4 };

}  // namespace

std::string encode_quarantine(QuarantineEntry const& entry)
{
    std::string out{entry_version};
    append_varint(out, zigzag(entry.received_at.time_since_epoch().count()));
    for (auto const* text : {&entry.source, &entry.format, &entry.code, &entry.detail, &entry.site, &entry.raw})
        append_text(out, *text);
    return out;
}

std::optional<QuarantineEntry> decode_quarantine(std::string_view bytes)
{
    ByteReader in{bytes};
    QuarantineEntry entry;
    bool const known = in.byte() == entry_version;
    entry.received_at = UtcTime{std::chrono::milliseconds{in.signed_varint()}};
    for (auto* text : {&entry.source, &entry.format, &entry.code, &entry.detail, &entry.site, &entry.raw})
        *text = in.text();
    if (!known || !in.ok() || !in.at_end())
        return std::nullopt;
    return entry;
}

void encode_frame(RawFrame const& frame, std::string& out)
{
    out += entry_version;
    out += static_cast<char>(frame.verdict);
    append_text(out, frame.device);
    append_text(out, frame.peer);
    out += frame.bytes;
}

std::optional<RawFrame> decode_frame(std::string_view bytes)
{
    ByteReader in{bytes};
    RawFrame frame;
    bool const known = in.byte() == entry_version;
    auto const verdict = in.byte();
    frame.verdict = static_cast<FrameVerdict>(verdict);
    frame.device = in.text();
    frame.peer = in.text();
    if (!known || !in.ok() || verdict > static_cast<std::uint8_t>(FrameVerdict::refused))
        return std::nullopt;
    frame.bytes = in.bytes(in.left());
    return frame;
}

std::string encode_site(Site const& site)
{
    std::string out{entry_version};
    for (auto const* text : {&site.name, &site.name_en, &site.mn, &site.level, &site.water_body, &site.source})
        append_text(out, *text);
    out += static_cast<char>(site.kind);
    out += static_cast<char>((site.position ? has_position : 0) | (site.target_class ? has_target : 0) |
                             (site.coordinate_accuracy_m ? has_accuracy : 0));
    if (site.position) {
        append_double(out, site.position->lon);
        append_double(out, site.position->lat);
    }
    if (site.target_class)
        append_varint(out, zigzag(*site.target_class));
    if (site.coordinate_accuracy_m)
        append_double(out, *site.coordinate_accuracy_m);
    append_varint(out, site.external_ids.size());
    for (auto const& [publisher, name] : site.external_ids) {
        append_text(out, publisher);
        append_text(out, name);
    }
    return out;
}

std::optional<Site> decode_site(std::string_view bytes)
{
    ByteReader in{bytes};
    Site site;
    bool known = in.byte() == entry_version;
    for (auto* text : {&site.name, &site.name_en, &site.mn, &site.level, &site.water_body, &site.source})
        *text = in.text();
    auto const kind = in.byte();
    known = known && kind <= static_cast<std::uint8_t>(SiteKind::wastewater_plant);
    site.kind = static_cast<SiteKind>(kind);
    auto const present = in.byte();
    known = known && present <= (has_position | has_target | has_accuracy);
    if (present & has_position) {
        double const lon = read_double(in);
        site.position = LonLat{lon, read_double(in)};
    }
    if (present & has_target)
        site.target_class = static_cast<int>(in.signed_varint());
    if (present & has_accuracy)
        site.coordinate_accuracy_m = read_double(in);
    for (auto left = in.varint(); left > 0 && in.ok(); --left) {
        std::string publisher{in.text()};
        site.external_ids.emplace_back(std::move(publisher), in.text());
    }
    if (!known || !in.ok() || !in.at_end())
        return std::nullopt;
    return site;
}

}  // namespace yihong::store_local
