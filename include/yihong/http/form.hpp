#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace yihong::http {

/// The form of a reply: what `f` names, and what Accept asks for (RFC 9110 §12.5.1).
enum class Form : std::uint8_t { json, html, csv };
/// `json` | `html` | `csv`
[[nodiscard]] std::string_view to_text(Form form) noexcept;

/// The form that an Accept header prefers among those that a route has; every JSON media type we send counts as JSON. Where two are wanted alike, the
/// earlier one in `forms`, unless only the later one is named exactly. \return nothing when it takes none of them
[[nodiscard]] std::optional<Form> choose_form(std::string_view accept, std::span<Form const> forms) noexcept;

}  // namespace yihong::http
