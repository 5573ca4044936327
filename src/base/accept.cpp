#include "yihong/base/accept.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

namespace yihong {

double accept_weight(std::string_view parameters) noexcept
{
    double weight = 1;
    while (!parameters.empty()) {
        auto const next = parameters.find(';');
        auto const parameter = trimmed(parameters.substr(0, next));
        parameters.remove_prefix(next == std::string_view::npos ? parameters.size() : next + 1);
        if (parameter.size() <= 2 || (parameter[0] != 'q' && parameter[0] != 'Q') || parameter[1] != '=')
            continue;
        double value = 1;
        auto const text = parameter.substr(2);
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        bool const whole = error == std::errc{} && end == text.data() + text.size() && std::isfinite(value);
        weight = whole ? std::clamp(value, 0.0, 1.0) : 1.0;
    }
    return weight;
}

}  // namespace yihong
