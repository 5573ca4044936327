// What g++ 12 does to everyday co_await expressions (0002-toolchain.md). -DFORM=1…6 chooses one.
#include <coroutine>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

template <typename T>
struct Task {
    struct promise_type {
        T value{};
        std::coroutine_handle<> waiter = std::noop_coroutine();
        struct Resume {
            bool await_ready() noexcept { return false; }
            std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> h) noexcept { return h.promise().waiter; }
            void await_resume() noexcept {}
        };
        Task get_return_object() { return Task{std::coroutine_handle<promise_type>::from_promise(*this)}; }
        std::suspend_always initial_suspend() noexcept { return {}; }
        Resume final_suspend() noexcept { return {}; }
        void return_value(T v) { value = std::move(v); }
        void unhandled_exception() { std::terminate(); }
    };
    std::coroutine_handle<promise_type> handle;
    explicit Task(std::coroutine_handle<promise_type> h) : handle{h} {}
    Task(Task&& other) noexcept : handle{std::exchange(other.handle, {})} {}
    ~Task()
    {
        if (handle)
            handle.destroy();
    }
    bool await_ready() { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> w)
    {
        handle.promise().waiter = w;
        return handle;
    }
    T await_resume() { return std::move(handle.promise().value); }
};

#define LONG_TEXT "a text too long for the small buffer of std::string"
struct Options {
    std::string name = LONG_TEXT;
    int more = 2;
};
Task<int> with_options(Options o) { co_return static_cast<int>(o.name.size()) + o.more; }
template <typename F>
Task<int> call(F f)
{
    co_return f();
}
Task<bool> is_long(std::string const& text) { co_return text.size() > 40; }
Task<bool> has_value(Options const& o) { co_return !o.name.empty(); }
Task<int> count(std::vector<std::string> v) { co_return static_cast<int>(v.size()); }
Task<int> length(std::shared_ptr<std::string> p) { co_return static_cast<int>(p->size()); }

Task<int> form()
{
#if FORM == 1    // an aggregate as argument
    int const n = co_await with_options({.more = 5});
#elif FORM == 2  // a lambda that captures, as argument
    int const n = co_await call([text = std::string{LONG_TEXT}] { return static_cast<int>(text.size()); });
#elif FORM == 3  // co_await in a condition, with a temporary
    int n = 0;
    if (co_await has_value(Options{}))
        n = 1;
#elif FORM == 4  // ?: in an argument
    auto const p = std::make_shared<std::string>(LONG_TEXT);
    int const n = co_await length(p ? p : std::make_shared<std::string>()) + static_cast<int>(p->size());
#elif FORM == 5  // a list of strings as argument
    int const n = co_await count({LONG_TEXT, LONG_TEXT});
#elif FORM == 6  // what the house style asks for: arguments named before, one co_await, right of `=`
    Options options{.more = 5};
    int const n = co_await with_options(std::move(options));
#endif
    co_return n;
}

int main()
{
    auto const task = form();
    task.handle.resume();
    std::printf("result %d\n", task.handle.promise().value);
}
