#include "access.hpp"

#include "yihong/base/log.hpp"

#include <atomic>
#include <memory>

namespace yihong {
namespace {

http::Scope scope_of(std::string_view name)
{
    return name == "read"      ? http::Scope::read
           : name == "ingest"  ? http::Scope::ingest
           : name == "operate" ? http::Scope::operate
           : name == "metrics" ? http::Scope::metrics
                               : http::Scope::admin;
}

}  // namespace

http::Authenticate make_authenticate(TokenFile& tokens, std::string control_secret, bool open)
{
    auto const is_open = std::make_shared<std::atomic<bool>>(open && !tokens.any_valid(utc_now()));
    return [&tokens, control_secret = std::move(control_secret), is_open](std::string_view secret) -> std::optional<http::Principal> {
        auto const now = utc_now();
        if (*is_open && tokens.any_valid(now))             // whoever asks
            *is_open = false;                              // for good: a file of tokens that vanishes opens nothing
        if (secret.empty()) {
            if (!*is_open)
                return std::nullopt;
            return http::Principal{"", {http::Scope::operate}};
        }
        if (secret == control_secret)
            return http::Principal{"local-command", {http::Scope::admin}};
        auto const token = tokens.lookup(secret, now);
        if (!token)
            return std::nullopt;
        http::Principal principal{token->name, {}};
        for (auto const& scope : token->scopes)
            principal.scopes.push_back(scope_of(scope));
        return principal;
    };
}

void make_private(std::filesystem::path const& data)
{
    namespace fs = std::filesystem;
    fs::create_directories(data);
    std::error_code ec;
    fs::permissions(data, fs::perms::owner_all, ec);
    for (fs::recursive_directory_iterator it{data, ec}, end; !ec && it != end; it.increment(ec)) {     // what an older version has left
        std::error_code gone;
        if (it->is_symlink(gone))
            continue;
        bool const is_folder = it->is_directory(gone);
        fs::permissions(it->path(), is_folder ? fs::perms::owner_all : fs::perms::owner_read | fs::perms::owner_write, gone);
    }
    if (ec)
        log::warning("data_folder_not_private", {{"folder", data.string()}, {"detail", ec.message()}});
}

}  // namespace yihong
