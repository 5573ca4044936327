#include "yihong/write/world_keeper.hpp"

#include <future>

namespace yihong {

void WorldKeeper::Turn::replace(std::shared_ptr<World const> world)
{
    std::promise<void> promise;
    writer_.submit_when_there_is_room(WorldJob{std::move(world), [&promise] { promise.set_value(); }});
    promise.get_future().get();
}

}  // namespace yihong
