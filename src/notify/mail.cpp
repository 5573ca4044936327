#include "mail.hpp"

#include "texts.hpp"

#include "yihong/base/text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace yihong::notify {
namespace {

/// `Thu, 06 Nov 2025 16:05:12 +0000`
std::string mail_date(UtcTime time)
{
    auto const seconds = std::chrono::floor<std::chrono::seconds>(time);
    auto const day = std::chrono::floor<std::chrono::days>(seconds);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const clock{seconds - day};
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", days[std::chrono::weekday{day}.c_encoding()],
                       static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

bool can_be_addressed(std::string_view text) noexcept
{
    return text.find('@') != std::string_view::npos &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != '<' && c != '>' && c != ','; });
}

/// `<id@domain>`; ids are made of [A-Za-z0-9._-], whatever else came would break the header.
std::string message_id(std::string_view id, std::string_view from)
{
    std::string safe{id};
    std::ranges::replace_if(
        safe,
        [](char c) {
            return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-');
        },
        '-');
    return fmt::format("<{}@{}>", safe, from.substr(from.find('@') + 1));
}

std::string as_html(Text const& text)
{
    std::string out = "<!DOCTYPE html><html><body><h3>" + html_escaped(text.title) + "</h3><p>";
    auto rest = html_escaped(text.body);
    for (auto at = rest.find('\n'); at != std::string::npos; at = rest.find('\n', at + 4))
        rest.replace(at, 1, "<br>");
    return out + rest + "</p></body></html>\n";
}

}  // namespace

std::string encoded_header(std::string_view text)
{
    if (std::ranges::all_of(text, [](char c) { return c >= ' ' && c < '\x7f'; }))
        return std::string{text};
    constexpr std::size_t bytes_a_word = 45;       // 60 characters of Base64 between =?UTF-8?B? and ?=
    std::string out;
    while (!text.empty()) {
        auto end = std::min(bytes_a_word, text.size());
        while (end < text.size() && end > 1 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U)
            --end;
        out += fmt::format("{}=?UTF-8?B?{}?=", out.empty() ? "" : "\r\n ", to_base64(text.substr(0, end)));
        text.remove_prefix(end);
    }
    return out;
}

Curl::Mail compose_mail(std::span<Event const> events, Channel const& channel, std::string_view public_url, UtcTime now)
{
    auto text = compose(events, channel, public_url, not_escaped);
    if (auto const asked = asked_line(events, channel); !asked.empty())
        text.body += (text.body.ends_with('\n') ? "" : "\n") + asked;
    Curl::Mail mail;
    mail.from = channel.from;
    mail.to = channel.to;
    for (auto const& event : events)
        for (auto const& [name, role, phone, email, dingtalk_id, wecom_id, feishu_id] : event.recipients)
            if (can_be_addressed(email) && std::ranges::find(mail.to, email) == mail.to.end())
                mail.to.push_back(email);
    auto const& first = events.front();
    auto const thread = message_id(first.alert_id.empty() ? first.id : first.alert_id, channel.from);
    mail.headers = {{"Date", mail_date(now)},
                    {"From", "<" + channel.from + ">"},
                    {"To", fmt::format("<{}>", fmt::join(mail.to, ">,\r\n <"))},
                    {"Subject", encoded_header(text.title)},
                    {"Message-ID", message_id(first.id, channel.from)},
                    // a message that nobody has, the alert itself, holds the thread together in whatever order mails come
                    {"In-Reply-To", thread},
                    {"References", thread},
                    {"Auto-Submitted", "auto-generated"}};
    if (std::ranges::any_of(events, [](Event const& e) { return e.severity == "high" && !e.has_ended(); }))
        mail.headers.emplace_back("X-Priority", "1");
    mail.plain = text.body + "\n";
    mail.html = as_html(text);
    return mail;
}

Result<void> mail_file(Channel const& channel, std::string_view title, std::string_view text, Attachment file)
{
    auto const now = utc_now();
    Text const said{std::string{title}, std::string{text}};
    Curl::Mail mail;
    mail.from = channel.from;
    mail.to = channel.to;
    mail.headers = {{"Date", mail_date(now)},
                    {"From", "<" + channel.from + ">"},
                    {"To", fmt::format("<{}>", fmt::join(mail.to, ">,\r\n <"))},
                    {"Subject", encoded_header(title)},
                    {"Message-ID", message_id(fmt::format("report-{}", now.time_since_epoch().count()), channel.from)},
                    {"Auto-Submitted", "auto-generated"}};
    mail.plain = said.body + "\n";
    mail.html = as_html(said);
    mail.file = std::move(file);
    std::atomic<bool> const never{false};
    auto const answer = Curl{channel, &never}.mail(mail);
    return answer.kind == Outcome::Kind::delivered ? Result<void>{} : fail(Errc::bad_value, answer.error);
}

Outcome MailSender::send(std::span<Event const> events)
{
    using Kind = Outcome::Kind;
    auto const answer = curl_.mail(compose_mail(events, channel_, public_url_, utc_now()));
    if (answer.kind == Kind::delivered)
        return {};
    // 5xx to a recipient or the content stays; to the login it is a matter of the configuration
    bool const for_good =
        answer.kind == Kind::failed && answer.status >= 500 && answer.status < 600 && (answer.status < 530 || answer.status > 539);
    return {for_good ? Kind::refused : answer.kind, answer.error, std::nullopt};
}

}  // namespace yihong::notify
