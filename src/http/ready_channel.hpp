#pragma once

#include "channel.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace yihong::http {

/// A channel that writes by readiness: the socket's own buffer is the only queue, and what comes next is laid out when it has taken the last of it,
/// all of it in one write, from where it lies.
class ReadyChannel : public Channel, public std::enable_shared_from_this<ReadyChannel> {
public:
    ReadyChannel(boost::asio::ip::tcp::socket socket, std::unique_ptr<StreamSource> source);

    void pump() final;
    void close() final;

protected:
    /// Lays out in `outgoing_` what goes next. \return whether there is anything
    virtual bool fetch() = 0;
    /// Everything that was laid out is sent.
    virtual void all_sent() = 0;
    /// Takes what the source has, until `pieces_` are as many as this or 64 KB. \return false at the end of the source, with what came before; a source that
    /// fails ends, which is logged: an exception would end the thread with all its connections
    bool collect(std::size_t pieces_at_once);

    boost::asio::ip::tcp::socket socket_;
    std::unique_ptr<StreamSource> source_;
    std::vector<std::shared_ptr<std::string const>> pieces_;  // under way
    std::vector<boost::asio::const_buffer> outgoing_;  // what is left of them, framed

private:
    void consume(std::size_t sent);
    bool waiting_ = false;  // for the socket to take more
};

}  // namespace yihong::http
