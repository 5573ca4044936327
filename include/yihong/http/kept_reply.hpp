#pragma once

#include "yihong/http/message.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>

/// Replies that are finished once and sent to many.
namespace yihong::http {

/// The header lines of a kept reply, form by form: made for the first request that takes the form, and sent to all later ones. Thread-safe.
class HeadLines {
public:
    /// \param unchanged those of 304
    /// \param make returns the lines; called once
    template <typename Make>
    std::string const& of(Encoding encoding, bool unchanged, Make const& make)
    {
        auto& form = forms_[2 * static_cast<std::size_t>(encoding) + (unchanged ? 1 : 0)];
        std::call_once(form.once, [&] {
            form.lines = make();
            memory_.fetch_add(form.lines.capacity(), std::memory_order_relaxed);
        });
        return form.lines;
    }
    [[nodiscard]] std::size_t memory() const noexcept { return sizeof(HeadLines) + memory_.load(std::memory_order_relaxed); }

private:
    struct Form {
        std::once_flag once;
        std::string lines;
    };
    std::array<Form, 6> forms_;
    std::atomic<std::size_t> memory_{0};
};

/// The reply as a cache holds it, with the lines that the connection makes of it.
std::shared_ptr<Reply const> keep(Reply reply);
/// What a handler answers with a kept reply: it only refers to it.
Reply again(std::shared_ptr<Reply const> kept);

}  // namespace yihong::http
