#include "curl.hpp"

#include "address_guard.hpp"

#include "yihong/base/text.hpp"

#include <curl/curl.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <sys/socket.h>

namespace yihong::notify {
namespace {

constexpr std::size_t answer_limit = 64 * 1024;

struct ListDeleter {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListDeleter>;
struct MimeDeleter {
    void operator()(curl_mime* mime) const noexcept { curl_mime_free(mime); }
};

void append(List& list, std::string const& line)
{
    auto* const longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr)
        throw std::bad_alloc{};
    (void)list.release();
    list.reset(longer);
}

/// libcurl asks for this before its first handle, on one thread.
void start_library()
{
    static auto const started = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (started != CURLE_OK)
        throw std::runtime_error{"libcurl does not start"};
}

bool is_no_connection(CURLcode code) noexcept
{
    return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_PROXY ||
           code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_LOGIN_DENIED ||
           code == CURLE_OPERATION_TIMEDOUT || code == CURLE_USE_SSL_FAILED || code == CURLE_SSL_CACERT_BADFILE;
}

}  // namespace

struct Curl::State {
    Channel const& channel;
    std::atomic<bool> const* stopping;
    CURL* easy = nullptr;
    std::string body;
    std::string refused_address;
    std::array<char, CURL_ERROR_SIZE> error{};

    static std::size_t take(char* data, std::size_t size, std::size_t count, void* self)
    {
        auto& to = static_cast<State*>(self)->body;
        if (to.size() + size * count > answer_limit)
            return 0;                              // ends the transfer
        to.append(data, size * count);
        return size * count;
    }
    static int progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
    {
        auto const* stop = static_cast<State*>(self)->stopping;
        return stop != nullptr && stop->load() ? 1 : 0;
    }
    /// Called for every connection with the address that it will go to: whatever a name meant a moment ago counts for nothing.
    static curl_socket_t open(void* self, curlsocktype, curl_sockaddr* address)
    {
        auto& state = *static_cast<State*>(self);
        if (!state.channel.allow_private && state.channel.proxy.empty() && !is_public(address->addr)) {
            state.refused_address = address_text(address->addr);
            return CURL_SOCKET_BAD;
        }
        return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    }

    template <typename T>
    void set(CURLoption option, T value) const
    {
        if (auto const code = curl_easy_setopt(easy, option, value); code != CURLE_OK)
            throw std::runtime_error{fmt::format("libcurl refuses option {}: {}", static_cast<int>(option), curl_easy_strerror(code))};
    }
    /// What every transfer has; connections are kept over the reset.
    void begin(char const* protocols)
    {
        curl_easy_reset(easy);
        body.clear();
        refused_address.clear();
        error[0] = '\0';
        set(CURLOPT_ERRORBUFFER, error.data());
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_PROTOCOLS_STR, protocols);
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_PROXY, channel.proxy.c_str());
        set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(channel.timeout.count()));
        set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(channel.timeout.count() / 2, 1)));
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        if (!channel.ca_file.empty())
            set(CURLOPT_CAINFO, channel.ca_file.c_str());
        set(CURLOPT_OPENSOCKETFUNCTION, &State::open);
        set(CURLOPT_OPENSOCKETDATA, this);
        set(CURLOPT_WRITEFUNCTION, &State::take);
        set(CURLOPT_WRITEDATA, this);
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, &State::progress);
        set(CURLOPT_XFERINFODATA, this);
    }
    Answer perform()
    {
        Answer answer;
        auto const code = curl_easy_perform(easy);
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &answer.status);
        if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && body.size() > 0)) {      // of an endless answer the status is enough
            curl_off_t seconds = 0;
            if (curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK && seconds > 0)
                answer.retry_after = std::chrono::seconds{seconds};
            answer.body = std::move(body);
            return answer;
        }
        answer.kind = is_no_connection(code) ? Outcome::Kind::unreachable : Outcome::Kind::failed;
        if (!refused_address.empty())
            answer.error = inner_refusal(refused_address);
        else
            answer.error =
                redacted(error[0] != '\0' ? std::string_view{error.data()} : std::string_view{curl_easy_strerror(code)}, channel);
        return answer;
    }
};

Curl::Curl(Channel const& channel, std::atomic<bool> const* stopping) : state_{std::make_unique<State>(channel, stopping)}
{
    start_library();
    state_->easy = curl_easy_init();
    if (state_->easy == nullptr)
        throw std::bad_alloc{};
}

Curl::~Curl() { curl_easy_cleanup(state_->easy); }

Curl::Answer Curl::http(std::string const& url, Headers const& headers, std::optional<std::string_view> body)
{
    auto& state = *state_;
    state.begin("http,https");
    List list;
    for (auto const& [name, value] : headers)
        append(list, name + ": " + value);
    append(list, "Expect:");                       // no round trip before the body
    state.set(CURLOPT_URL, url.c_str());
    state.set(CURLOPT_USERAGENT, "yihong");
    state.set(CURLOPT_HTTPHEADER, list.get());
    if (body) {
        state.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
        state.set(CURLOPT_POSTFIELDS, body->data());
    }
    return state.perform();
}

Curl::Answer Curl::mail(Mail const& mail)
{
    auto& state = *state_;
    state.begin("smtp,smtps");
    List headers;
    for (auto const& [name, value] : mail.headers)
        append(headers, name + ": " + value);
    List recipients;
    for (auto const& to : mail.to)
        append(recipients, "<" + to + ">");
    std::unique_ptr<curl_mime, MimeDeleter> const mime{curl_mime_init(state.easy)};
    auto* const alternative = curl_mime_addpart(mime.get());
    curl_mime* const parts = curl_mime_init(state.easy);
    for (auto const& [text, type] : {std::pair{&mail.plain, "text/plain; charset=utf-8"}, {&mail.html, "text/html; charset=utf-8"}}) {
        auto* const part = curl_mime_addpart(parts);
        curl_mime_data(part, text->data(), text->size());
        curl_mime_type(part, type);
        curl_mime_encoder(part, "base64");
    }
    curl_mime_subparts(alternative, parts);        // owns them from here on
    curl_mime_type(alternative, "multipart/alternative");
    List inline_;
    append(inline_, "Content-Disposition: inline");
    curl_mime_headers(alternative, inline_.get(), 0);
    List attached;
    if (mail.file) {
        auto* const part = curl_mime_addpart(mime.get());
        curl_mime_data(part, mail.file->content.data(), mail.file->content.size());
        curl_mime_type(part, mail.file->type.c_str());
        curl_mime_encoder(part, "base64");
        append(attached, "Content-Disposition: attachment; filename*=UTF-8''" + percent_encoded(mail.file->name));  // RFC 6266
        curl_mime_headers(part, attached.get(), 0);
    }
    auto const& channel = state.channel;
    auto const from = "<" + mail.from + ">";
    state.set(CURLOPT_URL, channel.url.c_str());
    state.set(CURLOPT_USE_SSL, static_cast<long>(channel.tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
    if (!channel.username.empty()) {
        state.set(CURLOPT_USERNAME, channel.username.c_str());
        state.set(CURLOPT_PASSWORD, channel.secrets.empty() ? "" : channel.secrets.front().c_str());
    }
    state.set(CURLOPT_MAIL_FROM, from.c_str());
    state.set(CURLOPT_MAIL_RCPT, recipients.get());
    state.set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);  // one address that is gone keeps nobody else from knowing
    state.set(CURLOPT_HTTPHEADER, headers.get());
    state.set(CURLOPT_MIMEPOST, mime.get());
    return state.perform();
}

Outcome outcome_of(Curl::Answer const& answer, Channel const& channel)
{
    using Kind = Outcome::Kind;
    if (answer.kind != Kind::delivered)
        return {answer.kind, answer.error, std::nullopt};
    if (answer.status >= 200 && answer.status < 300)
        return {};
    auto const said = redacted(answer.body, channel);
    auto const text = fmt::format("answered {}{}{}", answer.status, said.empty() ? "" : ": ", said);
    if (answer.status == 401 || answer.status == 407)
        return {Kind::locked_out, text, answer.retry_after};
    bool const may_pass =
        answer.status < 400 || answer.status >= 500 || answer.status == 408 || answer.status == 425 || answer.status == 429;
    if (answer.status >= 300 && answer.status < 400)
        return {Kind::failed,
                fmt::format("answered {}: redirects are not followed; put the new address into the configuration", answer.status),
                answer.retry_after};
    return {may_pass ? Kind::failed : Kind::refused, text, answer.retry_after};
}

}  // namespace yihong::notify
