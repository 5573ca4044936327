#pragma once

#include <string_view>

namespace yihong::http {

/// The one style sheet of all pages. Colour is water class, or AQI, and nothing else; classes stand as letters in their colours: Ⅰ Ⅱ blue, Ⅲ green, Ⅳ yellow, Ⅴ orange, 劣Ⅴ red.
inline constexpr std::string_view style_sheet = R"css(
:root{color-scheme:light;--paper:#fff;--ground:#f6f6f3;--sunken:#efefea;--line:#e2e2dc;--ink:#16181b;--ink-2:#45494f;--ink-3:#62666d}
*{box-sizing:border-box}
body{font:16px/1.55 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:var(--ink);margin:0;background:var(--ground);overflow-wrap:break-word}
.site,.trail,main,footer{max-width:76rem;margin:0 auto;padding:.5rem 1rem}
.site{display:flex;gap:.2rem 1.1rem;flex-wrap:wrap;align-items:baseline}.site strong{font-size:1.15rem}.site strong a{text-decoration:none}
.site small{margin-left:.25rem}
.trail{padding-top:0;font-size:.9rem}.trail a::after{content:" ›";color:var(--ink-3)}
main{background:var(--paper);border:1px solid var(--line);border-radius:6px;padding-bottom:1rem}
h1{font-size:1.5rem;line-height:1.25;margin:.6rem 0 .3rem}h2{font-size:1.15rem;margin:1.3rem 0 .4rem}h3{font-size:1rem;margin:1rem 0 .3rem}
small,[lang=en]{color:var(--ink-3);font-weight:normal}a{color:inherit;text-underline-offset:.15em}
.asof{color:var(--ink-2);font-size:.9rem;margin:.2rem 0 .6rem}
table{border-collapse:collapse;font-size:.9rem}.wide{overflow-x:auto;max-width:100%}
th,td{border-bottom:1px solid var(--line);padding:.3rem .55rem;text-align:left;vertical-align:top}th{background:var(--sunken)}
.columns th small{display:block}
table.facts{width:100%}table.facts th{width:15rem;font-weight:normal;color:var(--ink-2)}table.facts td{overflow-wrap:anywhere}
code,pre{font-size:.85rem;overflow-wrap:anywhere;white-space:pre-wrap}pre{background:var(--ground);padding:.4rem;margin:.2rem 0}
footer{font-size:.85rem;color:var(--ink-2)}footer ul{padding-left:1.1rem}summary{cursor:pointer;padding:.3rem 0}
.badge{display:inline-block;min-width:1.7em;padding:0 .4em;border:1px solid var(--ink-2);border-radius:1em;text-align:center;font-weight:bold;white-space:nowrap;line-height:1.45}
.c1{background:#9bd0f7;color:#0b2a44;border-color:#2f7fbf}.c2{background:#1d6fc0;color:#fff;border-color:#124f8d}
.c3{background:#22803a;color:#fff;border-color:#165a28}.c4{background:#f7d417;color:#2b2300;border-color:#8a6f00}
.c5{background:#f08c14;color:#2a1500;border-color:#a35300}.c6{background:#c8142f;color:#fff;border-color:#8e0a1f}
.q1,.q2,.q3,.q4,.q5,.q6{border-radius:.25em}
.q1{background:#00e400;color:#04220b}.q2{background:#ff0;color:#2b2300}.q3{background:#ff7e00;color:#2a1500}
.q4{background:#f00;color:#1a0000}.q5{background:#99004c;color:#fff}.q6{background:#7e0023;color:#fff}
.old .badge,.bound{background:var(--paper);color:var(--ink-2);border:2px dashed var(--ink-3)}
.high,.alert,.notice{border-radius:.25em;background:var(--paper);color:var(--ink)}
.high{border-width:2px;background:var(--ink);color:var(--paper)}.high small{color:inherit}.high::before{content:"! "}.alert{border-width:2px}.notice{font-weight:normal}
time{white-space:nowrap}tr.decided{font-weight:bold}tr.decided td:first-child::before{content:"▸ "}tr.old{color:var(--ink-3)}.bad{font-weight:bold}
.lead{font-size:1.1rem;margin:.4rem 0}.links{display:flex;flex-wrap:wrap;gap:.3rem 1rem;padding:0;margin:.6rem 0;list-style:none}
.links a{display:inline-block;padding:.3rem .1rem}
.all{margin:.4rem 0}.all label{padding-left:.3rem}
form.sign{max-width:32rem}form.sign label{display:block;margin:.7rem 0 .2rem}form.sign input[type=password]{width:100%;font:inherit;padding:.5rem}
form.sign label.tick{display:flex;gap:.5rem}button{font:inherit;padding:.45rem 1.1rem;margin-top:.8rem}
.three{display:grid;grid-template-columns:repeat(3,1fr);border:1px solid var(--ink);margin:.7rem 0}
.three div{padding:.5rem .8rem;border-left:1px solid var(--line)}.three div:first-child{border-left:0}.three strong{display:block;font-size:1.05rem}
.sign-off{display:grid;grid-template-columns:repeat(3,1fr);gap:1.5rem;margin-top:1.6rem}.sign-off div{border-bottom:1px solid var(--ink);padding-bottom:.2rem}
figure.map{margin:.6rem 0;max-width:44rem}.map svg{display:block;width:100%;height:auto;background:var(--ground);border:1px solid var(--line)}
.map path{fill:none;stroke:var(--ink-3);stroke-width:.6}.map .lines{stroke:#6f9fc0;stroke-width:1.2}.map .own{stroke:var(--ink);stroke-width:1.6}
.map text{fill:currentColor;font-size:8px;font-weight:bold;text-anchor:middle;dominant-baseline:central}.map circle{fill:var(--paper);stroke:var(--ink-2);stroke-width:1}
.map .c1 circle{fill:#9bd0f7;stroke:#2f7fbf}.map .c2 circle{fill:#1d6fc0;stroke:#124f8d}.map .c3 circle{fill:#22803a;stroke:#165a28}
.map .c4 circle{fill:#f7d417;stroke:#8a6f00}.map .c5 circle{fill:#f08c14;stroke:#a35300}.map .c6 circle{fill:#c8142f;stroke:#8e0a1f}
.map .q1 circle{fill:#00e400}.map .q2 circle{fill:#ff0}.map .q3 circle{fill:#ff7e00}.map .q4 circle{fill:#f00}.map .q5 circle{fill:#99004c}.map .q6 circle{fill:#7e0023}
.sheet table{width:100%}.sheet h2{font-size:1rem;border-bottom:1px solid var(--ink);margin:.9rem 0 .2rem}
.items td:nth-child(n+12),.items th:nth-child(n+12){display:none}
.all:has(input:checked)+.wide .items :is(td,th){display:table-cell}
@media(max-width:37rem){
body{font-size:15px}.site,.trail,main,footer{padding-left:.7rem;padding-right:.7rem}main{border-left:0;border-right:0;border-radius:0}
.site nav{width:100%}h1{font-size:1.3rem}th,td{padding:.3rem .35rem}
table.facts th,table.facts td{display:block;width:100%;border-bottom:0}table.facts td{border-bottom:1px solid var(--line)}
.rows tr:first-child{display:none}.rows tr{display:block;border-bottom:1px solid var(--line);padding:.35rem 0}
.rows td{display:inline;border:0;padding:0 .5rem 0 0}.rows td:first-child{display:block;font-weight:bold}
.items td:nth-child(n+6),.items th:nth-child(n+6){display:none}
.three,.sign-off{grid-template-columns:1fr}.three div{border-left:0;border-top:1px solid var(--line)}.three div:first-child{border-top:0}
}
.site nav{display:flex;gap:.2rem 1rem;flex-wrap:wrap}.site nav a{padding:.2rem 0}
@media print{
body{background:none;font-size:9.5pt;line-height:1.35}.site,.trail,main,footer{max-width:none;padding:0}main{border:0}.screen,.site,.trail{display:none}
table{font-size:9pt}th,td{padding:.12rem .35rem}h1{font-size:16pt;margin-top:0}.wide{overflow:visible}a{text-decoration:none}
.badge,.high{print-color-adjust:exact;-webkit-print-color-adjust:exact}tr,pre{break-inside:avoid}h2,h3{break-after:avoid}
.sheet td small[lang=en]{display:none}.annex{break-before:page}@page{size:A4;margin:13mm}
}
)css";

}  // namespace yihong::http
