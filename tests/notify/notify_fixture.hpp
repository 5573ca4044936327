#pragma once

#include "yihong/notify/dispatcher.hpp"
#include "yihong/store_local/local_store.hpp"

#include "core_fixture.hpp"
#include "event.hpp"
#include "temporary_folder.hpp"

#include <fmt/format.h>

#include <thread>

namespace yihong::testing {

using namespace std::chrono_literals;

struct EventSpec {
    std::string alert = "zhangliuzhuang-water-20251106T120000Z";
    int step = 1;
    std::string kind = "opened";
    std::string severity = "alert";
    std::string river = "汾河";
    std::string site = "zhangliuzhuang", site_name = "张留庄";
    std::string time = "2025-11-06T16:05:12.345Z";
    std::string peak = {};
};

/// A document as the alerting core writes it.
inline std::string document(EventSpec const& spec = {})
{
    return fmt::format(
        R"({{"specversion":"1.0","id":"{0}.{1}","source":"/api/v1/alerts","type":"yihong.alert.{2}","subject":"{0}","time":"{7}",)"
        R"("datacontenttype":"application/json","data":{{"alert":{{"id":"{0}","family":"water","rule":"below-class-iii","rules":["below-class-iii"],)"
        R"("site":"{5}","site_name":"{6}","site_name_en":"Zhangliuzhuang","kind":"water_section","county":"河津市","river":"{4}","position":[110.9,35.6],)"
        R"("severity":"{3}","peak_severity":"{8}","state":"open","opened_at":"2025-11-06T16:00:00Z","updated_at":"{7}","acknowledged_at":null,"resolved_at":null,)"
        R"("closed_at":null,"first_time":"2025-11-06T12:00:00Z","last_time":"2025-11-06T16:00:00Z","water_class":4,"water_class_label":"Ⅳ","target_class":3,)"
        R"("aqi":null,"deciding_parameters":["ammonia_nitrogen"],"pollutants":[{{"parameter":"ammonia_nitrogen","name":"氨氮","name_en":"Ammonia nitrogen",)"
        R"("value":1.31,"unit":"mg/L","limit":1,"multiple":0.3,"class":4}}],"likely_consequence_of":[],"assignee":null,"escalation_level":0,"deadlines":null,)"
        R"("overdue":[]}},"event":{{"step":{1},"kind":"{2}","at":"{7}","by":"engine","from":"engine","note":""}},"text":{{"zh":{{"title":"{6}断面水质劣于Ⅲ类（Ⅳ类）",)"
        R"("body":"氨氮 1.31 mg/L <超标 & 待查>\n限值 1 mg/L"}},"en":{{"title":"Zhangliuzhuang below Class III","body":"Ammonia nitrogen 1.31 mg/L"}}}},)"
        R"("recipients":[{{"id":"wang","name":"王某","role":"河津市河长办","phone":"","email":"wang@example.invalid"}}],"evidence":{{"later":[1,2]}}}}}})",
        spec.alert, spec.step, spec.kind, spec.severity, spec.river, spec.site, spec.site_name, spec.time,
        spec.peak.empty() ? spec.severity : spec.peak);
}

inline notify::Event event(EventSpec const& spec = {}) { return notify::parse_event(document(spec)).value(); }

bool inline eventually(std::function<bool()> const& holds, std::chrono::milliseconds limit = 20s)
{
    for (auto const end = std::chrono::steady_clock::now() + limit; std::chrono::steady_clock::now() < end;
         std::this_thread::sleep_for(5ms))
        if (holds())
            return true;
    return holds();
}

/// The story of an alert in a store that nobody writes to yet.
inline void keep_story(Store& store, std::string const& alert, std::vector<std::string> const& documents,
                       UtcTime updated_at = at("2025-11-06T16:05:12Z"))
{
    auto const last = store.last_entry(alert_topic);
    auto number = last ? last->number : 0;
    WriteGroup group;
    group.alerts.changed.emplace_back().id = alert;
    group.alerts.changed.back().updated_at = updated_at;
    group.alerts.changed.back().state = AlertState::closed;
    for (auto const& text : documents)
        group.journal.push_back({++number, std::string{alert_topic}, alert, {}, text, {}});
    store.commit(group);
}

/// Intake and dispatcher over a store, as the service has them.
class NotifyTest : public CoreFixture {
protected:
    void SetUp() override {}
    void TearDown() override { close(); }

    static Channel channel(ChannelKind kind, std::string url)
    {
        auto made = default_channel(kind);
        made.id = "duty";
        made.url = std::move(url);
        made.allow_private = true;
        made.group_wait = 0ms;
        made.timeout = 5s;
        made.rate_per_minute = 0;
        return made;
    }
    /// \param committer null: the store itself
    void open(Store& over, std::vector<Channel> channels, notify::DispatcherOptions options = {}, Committer* committer = nullptr)
    {
        store_ = &over;
        options.shortest_pause = 10ms;
        options.longest_pause = 100ms;
        std::vector<Site> sites{site("a", SiteKind::water_section)};
        sites[0].number = over.number_sites({&sites[0].id, 1}).front();
        core = std::make_unique<Core>(over, make_world(standards(), std::move(sites), std::make_shared<NoLayers const>()),
                                      CoreOptions{.committer = committer});
        dispatcher = std::make_unique<notify::Dispatcher>(std::move(channels), over, over, core->writer, watch, options);
        dispatcher->start();
    }
    void close()
    {
        dispatcher.reset();
        core.reset();
    }
    void raise(std::vector<std::string> documents, std::string const& id = "duty")
    {
        OutboxJob job;
        for (auto& text : documents)
            job.added.push_back({0, alert_queue(id), std::move(text)});
        if (!core->write(std::move(job)))
            throw StoreError{"the store could not write"};
    }
    bool is_emptied(std::string const& id = "duty") const
    {
        return eventually([&] { return store_->outbox(alert_queue(id), 0, 1).empty() && dispatcher->status().at(0).waiting == 0; });
    }
    std::vector<OutboxEntry> dead(std::string const& id = "duty") const { return store_->outbox(notify::dead_queue_of(id), 0, 1000); }

    Store* store_ = nullptr;
    DeliveryWatch watch;
    std::unique_ptr<notify::Dispatcher> dispatcher;
};

}  // namespace yihong::testing
