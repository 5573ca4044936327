#pragma once

#include "group.hpp"

namespace yihong {

/// Tells whoever handed in `job` that it is on disk and published. `answer.alert` and `answer.marks` only where the participant that gave them is still in the group.
void tell_kept(Job& job, Answer answer);
/// Tells whoever handed in `job` that nothing of it was kept. A world writes nothing and is not lost with the others.
void tell_lost(Job& job);

}  // namespace yihong
