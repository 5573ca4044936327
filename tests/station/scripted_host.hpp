#pragma once

#include "yihong/hj212/cipher.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace yihong::station::test {

using namespace std::chrono_literals;

/// A frame as the host got it.
struct Heard {
    std::size_t connection = 0;
    int cn = 0;
    std::string qn, st, pw, mn, cp;
    int flag = -1;
    int pnum = 0, pno = 0;
    bool retransmitted = false;
    bool was_encrypted = false;
    std::chrono::steady_clock::time_point at;

    [[nodiscard]] std::string value(std::string_view name) const
    {
        std::vector<hj212::Field> fields;
        hj212::parse_data_area(cp, fields);
        return std::string{hj212::find_value(fields, name)};
    }
};

/// A host (上位机) on a free loopback port that takes every frame apart and answers as its script says.
class ScriptedHost {
public:
    struct Script {
        std::optional<hj212::Sm4> key;
        bool keeps_frames = true;                      ///< false: only counts them
        /// What to answer; 0: nothing. Default: 9014 to data with Flag bit 0, 9013 to 1013 and 9015.
        std::function<int(Heard const&)> answer = usual_answer;
    };
    static int usual_answer(Heard const& heard)
    {
        if (heard.cn == hj212::cn::clock_request || heard.cn == hj212::cn::heartbeat)
            return hj212::cn::notice_answer;
        return heard.cn >= 2000 && heard.cn < 3000 && (heard.flag & 1) != 0 ? hj212::cn::data_answer : 0;
    }

    ScriptedHost() : ScriptedHost{Script{}} {}
    explicit ScriptedHost(Script script) : script_{std::move(script)}
    {
        accept();
        thread_ = std::thread{[this] { io_.run(); }};
    }
    ~ScriptedHost()
    {
        io_.stop();
        thread_.join();
    }
    ScriptedHost(ScriptedHost const&) = delete;
    ScriptedHost& operator=(ScriptedHost const&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::uint64_t frames() const { return frames_; }
    [[nodiscard]] std::uint64_t wrong_sums() const { return wrong_sums_; }
    [[nodiscard]] std::uint64_t skipped_bytes() const { return skipped_; }
    [[nodiscard]] std::size_t connections() const { return connected_; }

    [[nodiscard]] std::vector<Heard> heard() const
    {
        std::lock_guard const lock{mutex_};
        return heard_;
    }
    [[nodiscard]] std::vector<Heard> heard(int cn) const
    {
        auto all = heard();
        std::erase_if(all, [&](Heard const& one) { return one.cn != cn; });
        return all;
    }
    /// Waits until `ready(heard())`. \return whether it came true in time
    template <typename Ready>
    bool wait_until(Ready ready, std::chrono::milliseconds patience = 10s) const
    {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, patience, [&] { return ready(heard_); });
    }
    bool wait_for(int cn, std::size_t count = 1, std::chrono::milliseconds patience = 10s) const
    {
        return wait_until(
            [&](std::vector<Heard> const& all) { return static_cast<std::size_t>(std::ranges::count(all, cn, &Heard::cn)) >= count; },
            patience);
    }

    /// To the newest connection.
    void send(hj212::Outgoing const& message)
    {
        boost::asio::post(io_, [this, bytes = hj212::to_frame(message, CrcForm::hj212, script_.key ? &*script_.key : nullptr)] {
            if (!links_.empty())
                links_.back()->write(bytes);
        });
    }
    /// Another key for all that comes and goes from now on.
    void use(hj212::Sm4 const& key)
    {
        boost::asio::post(io_, [this, key] { script_.key = key; });
    }
    /// Ends the newest connection.
    void hang_up()
    {
        boost::asio::post(io_, [this] {
            boost::system::error_code ignored;
            if (!links_.empty())
                links_.back()->socket.close(ignored);
        });
    }

private:
    struct Link : std::enable_shared_from_this<Link> {
        Link(ScriptedHost& of, boost::asio::ip::tcp::socket with, std::size_t its_number)
            : host{of}, socket{std::move(with)}, number{its_number}
        {}

        void read()
        {
            socket.async_read_some(boost::asio::buffer(chunk),
                                   [self = shared_from_this()](boost::system::error_code ec, std::size_t count) {
                                       if (ec)
                                           return;
                                       self->decoder.feed({self->chunk.data(), count});
                                       while (auto const frame = self->decoder.next())
                                           if (!self->host.take(*self, *frame))
                                               self->decoder.reject();
                                       self->decoder.settle();
                                       self->host.skipped_ += self->decoder.skipped() - self->skipped;
                                       self->skipped = self->decoder.skipped();
                                       self->flush();
                                       self->read();
                                   });
        }
        void write(std::string_view bytes)
        {
            out += bytes;
            flush();
        }
        void flush()
        {
            if (writing || out.empty())
                return;
            writing = true;
            sending.swap(out);
            out.clear();
            boost::asio::async_write(socket, boost::asio::buffer(sending),
                                     [self = shared_from_this()](boost::system::error_code ec, std::size_t) {
                                         self->writing = false;
                                         if (!ec)
                                             self->flush();
                                     });
        }

        ScriptedHost& host;
        boost::asio::ip::tcp::socket socket;
        std::size_t number;
        hj212::FrameDecoder decoder;
        std::array<char, 16 * 1024> chunk{};
        std::string out, sending;
        bool writing = false;
        std::uint64_t skipped = 0;
    };

    void accept()
    {
        acceptor_.async_accept([this](boost::system::error_code ec, boost::asio::ip::tcp::socket socket) {
            if (ec)
                return;
            socket.set_option(boost::asio::ip::tcp::no_delay{true}, ec);
            links_.push_back(std::make_shared<Link>(*this, std::move(socket), links_.size()));
            ++connected_;
            links_.back()->read();
            accept();
        });
    }

    /// \return whether the check sum is right
    bool take(Link& link, hj212::Frame const& frame)
    {
        auto const segment = hj212::parse_segment(frame.segment);
        std::string cp{segment ? segment->cp : std::string_view{}};
        bool const encrypted = segment && script_.key && hj212::is_encrypted_command(segment->cn) && hj212::looks_encrypted(cp);
        if (encrypted)
            cp = script_.key->decrypted(cp);
        if (!segment ||
            hj212::crc_of(encrypted ? hj212::in_clear(frame.segment, segment->cp, cp) : std::string{frame.segment}) != frame.crc) {
            ++wrong_sums_;
            return false;
        }
        ++frames_;
        Heard heard{.connection = link.number,
                    .cn = segment->cn,
                    .qn{segment->qn},
                    .st{segment->st},
                    .pw{segment->pw},
                    .mn{segment->mn},
                    .cp = std::move(cp),
                    .flag = segment->flag.value_or(-1),
                    .pnum = segment->pnum.value_or(0),
                    .pno = segment->pno.value_or(0),
                    .retransmitted = segment->retransmitted,
                    .was_encrypted = encrypted,
                    .at = std::chrono::steady_clock::now()};
        if (int const cn = script_.answer(heard); cn != 0)
            link.out += hj212::to_frame({.qn = heard.qn,
                                         .st = "91",
                                         .cn = cn,
                                         .pw = heard.pw,
                                         .mn = heard.mn,
                                         .flag = heard.flag & ~3,
                                         .pnum = {},
                                         .pno = {},
                                         .cp = {}});
        if (script_.keeps_frames) {
            std::lock_guard const lock{mutex_};
            heard_.push_back(std::move(heard));
            changed_.notify_all();
        }
        return true;
    }

    Script script_;
    boost::asio::io_context io_{1};
    boost::asio::ip::tcp::acceptor acceptor_{io_, {boost::asio::ip::make_address("127.0.0.1"), 0}};
    std::uint16_t port_ = acceptor_.local_endpoint().port();
    std::vector<std::shared_ptr<Link>> links_;
    std::atomic<std::uint64_t> frames_{0}, wrong_sums_{0}, skipped_{0};
    std::atomic<std::size_t> connected_{0};
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::vector<Heard> heard_;
    std::thread thread_;
};

}  // namespace yihong::station::test
