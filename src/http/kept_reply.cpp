#include "yihong/http/kept_reply.hpp"

namespace yihong::http {

std::shared_ptr<Reply const> keep(Reply reply)
{
    reply.lines = std::make_shared<HeadLines>();
    return std::make_shared<Reply const>(std::move(reply));
}

Reply again(std::shared_ptr<Reply const> kept)
{
    Reply reply;
    reply.status = kept->status;
    reply.kept = std::move(kept);
    return reply;
}

}  // namespace yihong::http
