#include "report_text.hpp"

#include "data_note.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong::report_text {
namespace {

/// ，同比上升0.9个百分点（可比断面5个）; nothing where nothing can be compared.
std::string change_of_share(std::optional<Decimal> const& now, std::optional<Decimal> const& before)
{
    return now && before ? "，" + change_text(change_in_points(*now, *before), "个百分点") : std::string{};
}

/// ，主要污染指标：氨氮、总磷; nothing where there is none.
std::string with_pollutants(GroupRow const& row, ParameterBook const& parameters)
{
    return row.main_pollutants.empty() ? std::string{} : "，主要污染指标：" + pollutants(row, parameters);
}

/// 张留庄 自然本底（氟化物），2025-10-01至…，…：计入时Ⅳ类、未达标，扣除后Ⅲ类、达标; empty without a mark.
std::string marked(SectionRow const& row, ParameterBook const& parameters)
{
    auto const& marks = row.now.marks;
    if (marks.empty())
        return {};
    auto out = row.site->name;
    for (auto const& mark : marks)
        out += (mark == marks.front() ? " " : "；") + mark_text(*mark, parameters);
    if (row.as_measured)
        out += fmt::format("。不计{}天：{}；计入则{}", row.now.days_left_out, verdict(row.now), verdict(*row.as_measured));
    if (row.deducted)
        out += fmt::format("。实测{}；扣除后{}", verdict(row.now), verdict(*row.deducted));
    return out;
}

/// 甲断面应测项目与2024年10月不同：增氟化物；减石油类; empty where both periods owe the same.
std::string other_items_owed(SectionRow const& row, WaterQuery const& query, ParameterBook const& parameters)
{
    std::vector<std::string> parts;
    if (!row.owed_now.empty())
        parts.push_back("增" + names(row.owed_now, parameters));
    if (!row.owed_then.empty())
        parts.push_back("减" + names(row.owed_then, parameters));
    return parts.empty() ? std::string{}
                         : fmt::format("{}应测项目与{}不同：{}", row.site->name, period_label(*query.base), fmt::join(parts, "，"));
}

}  // namespace

std::string figure(std::optional<Decimal> const& value) { return value ? value->to_string() : "--"; }

std::string names(std::vector<ParameterId> const& ids, ParameterBook const& parameters)
{
    std::vector<std::string> all;
    for (auto const id : ids)
        all.push_back(item_name(id, parameters));
    return fmt::format("{}", fmt::join(all, "、"));
}

std::string sections(std::vector<std::size_t> const& indices, WaterReport const& report)
{
    std::vector<std::string_view> all;
    for (auto const index : indices)
        all.push_back(report.sections[index].site->name);
    return fmt::format("{}", fmt::join(all, "、"));
}

std::string base_name(WaterQuery const& query) { return compared_with(query.period, query.base); }

std::string pollutants(GroupRow const& row, ParameterBook const& parameters)
{
    std::vector<std::string> all;
    for (auto const& main : row.main_pollutants)
        all.push_back(item_name(main.parameter, parameters) + (main.exceed_rate ? "（断面超标率" + main.exceed_rate->to_string() + "%）"
                                                               : main.multiple  ? "(" + main.multiple->to_string() + ")"
                                                                                : ""));
    return all.empty() ? "—" : fmt::format("{}", fmt::join(all, "、"));
}

std::string verdict(SectionPeriod const& section)
{
    if (section.judgement.water_class == 0)
        return "未参评";
    return fmt::format("{}类{}", water_class_label(section.judgement.water_class),
                       section.target == TargetVerdict::none ? std::string{} : "、" + std::string{target_label(section.target)});
}

std::string deducted(GroupRow const& row)
{
    if (!row.deducted)
        return {};
    auto const& counts = *row.deducted;
    return fmt::format("扣除自然本底、上游来水后，参评{}个，优良{}个，占{}%；劣Ⅴ类{}个；达标率{}%。", counts.classes.total(),
                       counts.classes.good, figure(counts.good_share()), counts.classes.bad, figure(counts.met_share()));
}

/// Why none of some sections is evaluated.
std::string_view none_evaluated(SectionCounts const& counts, WaterReport const& report)
{
    auto const left_out = std::ranges::count_if(counts.not_evaluated, [&](auto index) { return report.sections[index].now.is_left_out(); });
    if (left_out == 0)
        return "有效数据不足，未作评价。";
    return static_cast<std::size_t>(left_out) == counts.not_evaluated.size() ? "断流、停测，不参评。"
                                                                             : "断流、停测或有效数据不足，未作评价。";
}

std::string overview(WaterReport const& report, ParameterBook const& parameters)
{
    auto const& all = report.all;
    auto const& now = all.now;
    auto out = fmt::format("{}{}，监测断面（点位）{}个，参评{}个", period_label(report.query.period),
                           report.query.as_of < report.query.period.end ? "（至今）" : "", report.sections.size(), now.classes.total());
    if (now.classes.total() == 0)
        return out + "，" + std::string{none_evaluated(now, report)};
    out += fmt::format("。其中Ⅰ—Ⅲ类（优良）{}个，占{}%；Ⅳ、Ⅴ类{}个；", now.classes.good, figure(now.good_share()), now.classes.middle);
    out += now.classes.bad > 0 ? fmt::format("劣Ⅴ类{}个，占{}%。", now.classes.bad, figure(now.bad_share())) : "无劣Ⅴ类。";
    if (all.grade > 0)
        out += fmt::format("河流总体水质{}{}。", water_grade_label(all.grade), with_pollutants(all, parameters));
    if (!now.met.empty() || !now.missed.empty()) {
        out += fmt::format("有目标且可判定的断面{}个，达标{}个，达标率{}%", now.met.size() + now.missed.size(), now.met.size(),
                           figure(now.met_share()));
        out += now.missed.empty() ? "。" : "；未达标：" + sections(now.missed, report) + "。";
    }
    out += deducted(all);
    if (!report.query.base)
        return out;
    auto const& compared = all.compared;
    if (compared.now.classes.total() == 0)
        return out + "与" + base_name(report.query) + "没有可比断面。";
    out += fmt::format("与{}相比，可比断面{}个，优良比例{}%，上期{}%{}；劣Ⅴ类比例{}%，上期{}%{}", base_name(report.query),
                       compared.now.classes.total(), figure(compared.now.good_share()), figure(compared.before.good_share()),
                       change_of_share(compared.now.good_share(), compared.before.good_share()), figure(compared.now.bad_share()),
                       figure(compared.before.bad_share()), change_of_share(compared.now.bad_share(), compared.before.bad_share()));
    if (all.change)
        out += fmt::format("；河流总体{}", change_label(*all.change));
    if (!compared.improved.empty())
        out += "；好转：" + sections(compared.improved, report);
    if (!compared.worse.empty())
        out += "；变差：" + sections(compared.worse, report);
    return out + "。";
}

std::string group(GroupRow const& row, WaterReport const& report, ParameterBook const& parameters)
{
    if (row.now.classes.total() == 0)
        return fmt::format("{}：{}", row.name, none_evaluated(row.now, report));
    auto out = fmt::format("{}：参评断面{}个，优良{}个，", row.name, row.now.classes.total(), row.now.classes.good);
    out += row.now.classes.bad > 0 ? fmt::format("劣Ⅴ类{}个", row.now.classes.bad) : "无劣Ⅴ类";
    if (row.grade > 0)
        out += fmt::format("，水质{}", water_grade_label(row.grade));
    out += with_pollutants(row, parameters);
    if (row.change)
        out += fmt::format("；与{}相比{}", base_name(report.query), change_label(*row.change));
    return out + "。";
}

std::string lake(LakeRow const& row, WaterReport const& report, ParameterBook const& parameters)
{
    auto out = row.name + "：" + explain(row.now, parameters);
    if (row.change)
        out += fmt::format("；与{}相比水质{}", base_name(report.query), change_label(*row.change));
    return out + "。";
}

/// （超标月份：3月占60.0%、7月占40.0%）, those that lie most over the limit first; empty where the mean so far meets it.
std::string months_that_decided(Allowance const& item)
{
    std::string all;
    for (auto const& one : item.deciding)
        if (!item.met_so_far && one.period)
            all += fmt::format("{}{}月占{}%", all.empty() ? "" : "、", static_cast<unsigned>(one.period->first_day().month()),
                               one.share.to_string());
    return all.empty() ? all : fmt::format("（超标月份：{}）", all);
}

std::string outlook(SectionOutlook const& outlook, ParameterBook const& parameters)
{
    std::vector<std::string> all;
    if (outlook.worst() == Outlook::undecided)
        all.push_back(fmt::format("全年{}{}个月有均值，不足{}个月，以下只按已有的月", outlook.months_left > 0 ? "至多" : "只有",
                                  outlook.months_possible, outlook.months_needed));
    for (auto const& item : outlook.items) {
        auto const name = item_name(item.parameter, parameters);
        auto const way = item.at_least ? "不低于" : "不高于";
        switch (item.outlook) {
        case Outlook::settled: all.push_back(fmt::format("{}：{}", name, item.met_so_far ? "达标" : "未达标")); break;
        case Outlook::any: all.push_back(name + "：余量大"); break;
        case Outlook::open:
            all.push_back(fmt::format("{}：其余{}个月均值{}{}", name, outlook.months_left, way, item.strict_shown.to_string()));
            if (item.with_margin_shown != item.strict_shown)
                all.back() += fmt::format("（计入修约{}）", item.with_margin_shown.to_string());
            break;
        case Outlook::unreachable:
            all.push_back(fmt::format("{}：已无法达标，最好可达{}类", name, water_class_label(item.best_class)));
            break;
        case Outlook::undecided: continue;         // said of the section above
        }
        all.back() += months_that_decided(item);
    }
    if (outlook.ph && outlook.ph->outlook != Outlook::settled) {
        auto const& ph = *outlook.ph;
        all.push_back(ph.outlook == Outlook::unreachable
                          ? std::string{"pH值：已无法达标"}
                          : fmt::format("pH值：{}{}", ph.lowest ? "不低于" + ph.lowest->to_string() : std::string{},
                                        ph.highest ? (ph.lowest ? "、不高于" : "不高于") + ph.highest->to_string() : std::string{}));
    }
    return fmt::format("{}", fmt::join(all, "；"));
}

/// With a class, and too few months for a verdict on their target.
std::vector<std::size_t> sections_of_few_months(WaterReport const& report)
{
    std::vector<std::size_t> few;
    for (std::size_t i = 0; i < report.sections.size(); ++i)
        if (auto const& now = report.sections[i].now; now.judgement.water_class > 0 && now.target_class && !now.months.are_enough())
            few.push_back(i);
    return few;
}

std::vector<std::string> incomplete(WaterReport const& report, ParameterBook const& parameters)
{
    std::vector<std::string> all;
    std::vector<std::size_t> dry, lacking;
    for (auto const index : report.all.now.not_evaluated)
        (report.sections[index].now.is_left_out() ? dry : lacking).push_back(index);
    if (!dry.empty())
        all.push_back(fmt::format("断流、停测不参评断面{}个：{}", dry.size(), sections(dry, report)));
    if (!lacking.empty())
        all.push_back(fmt::format("未参评断面{}个（有效数据不足）：{}", lacking.size(), sections(lacking, report)));
    if (auto const young = sections_of_few_months(report); !young.empty())
        all.push_back(fmt::format("均值不足{}个月、不判定达标的断面{}个：{}", report.sections[young.front()].now.months.needed,
                                  young.size(), sections(young, report)));
    for (auto const& row : report.sections)
        if (auto note = marked(row, parameters); !note.empty())
            all.push_back(std::move(note));
    for (auto const& row : report.sections) {
        if (row.now.judgement.water_class > 0 && !row.now.missing.empty())
            all.push_back(fmt::format("{}缺{}，类别按已有项目评价，不判定达标", row.site->name, names(row.now.missing, parameters)));
        for (auto const& note : notes_of(row.now, parameters))
            all.push_back(fmt::format("{} {}", row.site->name, note));
        for (auto const* section : {&row.now, row.base ? &*row.base : nullptr})
            if (section != nullptr && section->lake_since)
                all.push_back(fmt::format("{} {}：{}", row.site->name, period_label(section->period), lake_since_text(*section)));
        if (row.base && row.base->judgement.lake != row.now.judgement.lake)
            all.push_back(fmt::format("{} {}按河流限值评价，本期按湖库限值", row.site->name, period_label(row.base->period)));
        if (auto note = other_items_owed(row, report.query, parameters); !note.empty())
            all.push_back(std::move(note));
    }
    return all;
}

std::string basis(WaterReport const& report) { return report.edition->label + "、环办〔2011〕22号、环办监测函〔2020〕714号"; }

std::string without_rank(std::string_view what, std::vector<std::pair<std::string_view, FigureChange const*>> const& all)
{
    std::vector<std::string> left;
    for (auto const& [name, change] : all)
        if (change->unranked)
            left.push_back(fmt::format("{}（{}）", name, unranked_label(*change->unranked)));
    bool const is_ranked = all.size() >= left.size() + 2;
    return left.empty() || !is_ranked ? std::string{} : fmt::format("未参加{}变化排名：{}", what, fmt::join(left, "、"));
}

/// Who has no rank by the change, and why; nothing where there is no such ranking.
std::vector<std::string> without_ranks(WaterReport const& report)
{
    std::vector<std::pair<std::string_view, FigureChange const*>> places, sections;
    for (auto const& place : report.places)
        if (place.figure_change)
            places.emplace_back(place.name, &*place.figure_change);
    for (auto const& row : report.sections)
        if (row.index_change)
            sections.emplace_back(row.site->name, &*row.index_change);
    std::vector<std::string> said{without_rank("区域", places), without_rank("断面", sections)};
    std::erase(said, std::string{});
    return said;
}

std::vector<std::string> notes(WaterReport const& report, ParameterBook const& parameters)
{
    auto all = incomplete(report, parameters);
    std::ranges::move(without_ranks(report), std::back_inserter(all));
    for (auto& text : all)
        text += "。";
    auto const& validity = report.query.validity;
    all.push_back(fmt::format(
        "评价依据：{}。先平均后修约（四舍六入五成双），再评价类别；pH 按氢离子浓度平均；年、季为各月未修约均值的平均。", basis(report)));
    all.push_back(fmt::format("日均值：{}次中至少{}次有效；月均值：有效日至少占应有天数的{}%"
                              "（{}，未查到国家数值）；{}五项与总氮以自动监测优先，其余为手工采样。",
                              validity.rounds_a_day, validity.rounds_needed, validity.percent_of_days,
                              validity == WaterValidity{} ? "本程序规定" : "本单位规定",
                              validity.normal_stations_only ? "" : "站点维护、校准、故障期间的值计入；"));
    if (std::ranges::any_of(report.sections, [](SectionRow const& row) { return row.now.months.needed > 0; }))
        all.push_back(fmt::format("全年至少{}个月有均值才判定达标，不足一年的按比例。", validity.months_needed));
    if (!report.lakes.empty())
        all.emplace_back("湖库按各点位均值的平均评价（湖库限值），总氮单独评价；营养状态按综合营养状态指数（叶绿素a、总磷、总氮、透明度、高"
                         "锰酸盐指数）；"
                         "盐度、水位只列出，不评价。");
    if (std::ranges::any_of(report.sections, [](SectionRow const& row) { return row.now.drinking_water.has_value(); }))
        all.emplace_back("饮用水水源地按 GB 3838 表2 另判补充项目，一项超标即不达标，有未测项目不判定；表3特定项目不在内。");
    if (std::ranges::any_of(report.sections, [](SectionRow const& row) { return row.trend && row.trend->has_result(); }))
        all.emplace_back(
            "变化趋势：环办〔2011〕22号的 Spearman 秩相关系数，按印出的各期均值计算，|rs|大于临界值（单侧0.05）为显著，至少5期；"
            "季须有2个月、年须有8个月的均值，未结束的时段不计。");
    else if (std::ranges::any_of(report.sections, [](SectionRow const& row) { return row.trend && !row.trend->items.empty(); }))
        all.emplace_back("各断面的均值都不足5期，未作变化趋势分析。");
    all.emplace_back("变化按印出的数字计算；比较只用两期都参评的断面。优良、达标、劣Ⅴ类是三个不同的数。");
    all.push_back(data_note(report.data, report.query.as_of));
    return all;
}

}  // namespace yihong::report_text
