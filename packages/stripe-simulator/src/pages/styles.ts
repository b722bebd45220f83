/** One sheet for both pages: light and dark by the system, from 320 px up. */
export const styles = `
:root{--ink:#1b2430;--soft:#5b6675;--line:#dfe4ea;--ground:#fff;--aside:#f4f6f8;--card:#fff;--accent:#0a6b5c;--accent-hover:#085648;--on-accent:#fff;
--good:#0f6b3f;--good-ground:#e7f5ec;--bad:#a3251d;--bad-ground:#fdeceb;--info:#23507f;--info-ground:#e9f1fa;--shadow:0 1px 2px rgb(20 30 45/.06),0 2px 8px rgb(20 30 45/.05)}
@media (prefers-color-scheme:dark){:root{--ink:#e7ebf0;--soft:#a2adba;--line:#323b47;--ground:#161b22;--aside:#10141a;--card:#1c222b;--accent:#5cc8b0;
--accent-hover:#7bd6c2;--on-accent:#08231d;--good:#7fd6a3;--good-ground:#12291d;--bad:#ff9f97;--bad-ground:#331a19;--info:#9cc4ee;--info-ground:#16263a;--shadow:none}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;font-variant-numeric:tabular-nums}
h1,h2,h3,p,dl,dd,ul,ol,fieldset{margin:0;padding:0}
h1{font-size:1.375rem;line-height:1.3;font-weight:650;letter-spacing:-.01em;text-wrap:balance}
h2{font-size:.8125rem;font-weight:650;letter-spacing:.03em;color:var(--soft);padding-bottom:.625rem;border-bottom:1px solid var(--line);margin-bottom:1.125rem}
h3,.name{font-size:1.125rem;font-weight:600;line-height:1.35}
a{color:var(--accent);text-underline-offset:.2em}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:6px}
.sides{min-height:100vh;display:grid;grid-template-columns:minmax(20rem,5fr) 7fr}
.aside{background:var(--aside);border-right:1px solid var(--line)}
.aside .inner{max-width:26rem;margin-left:auto;padding:4rem 3rem 2.5rem;min-height:100vh;display:flex;flex-direction:column;gap:1.5rem;position:sticky;top:0}
.main .inner{max-width:40rem;padding:4rem 3rem;display:flex;flex-direction:column;gap:2.75rem}
.shop{font-weight:600;color:var(--soft)}
.back{color:var(--soft);font-weight:550;text-decoration:none;align-self:flex-start}
.back:hover{color:var(--ink);text-decoration:underline}
.simulated{margin-top:auto;padding-top:2rem;color:var(--soft);font-size:.875rem}
.tag{display:inline-block;padding:.0625rem .5rem;border-radius:5px;background:var(--line);color:var(--ink);font-size:.75rem;font-weight:600;line-height:1.5;vertical-align:1px;white-space:nowrap}
.tag.good{background:var(--good-ground);color:var(--good)}.tag.bad{background:var(--bad-ground);color:var(--bad)}.tag.info{background:var(--info-ground);color:var(--info)}
.total{font-size:2.25rem;font-weight:650;letter-spacing:-.02em;line-height:1.15}
.total small{font-size:1rem;font-weight:450;color:var(--soft);letter-spacing:0}
.soft,.hint{color:var(--soft);font-size:.9375rem}
.stack{display:flex;flex-direction:column;gap:1rem}.stack.tight{gap:.375rem}
.row{display:flex;flex-wrap:wrap;gap:.75rem;align-items:center}.row.apart{justify-content:space-between}.row.apart.top{align-items:flex-start}.row form{display:contents}
.lines{list-style:none;display:flex;flex-direction:column;gap:.875rem}
.lines li{display:flex;justify-content:space-between;gap:1rem}
.lines .amount,.choice .amount{white-space:nowrap;font-weight:550}
.lines .sum{border-top:1px solid var(--line);padding-top:.875rem;font-weight:650}
.notice{padding:.75rem 1rem;border-radius:8px;font-weight:500}
.notice.good{background:var(--good-ground);color:var(--good)}.notice.bad{background:var(--bad-ground);color:var(--bad)}.notice.info{background:var(--info-ground);color:var(--info)}
.button{appearance:none;font:inherit;font-weight:600;line-height:1.25;padding:.625rem 1.125rem;border-radius:8px;border:1px solid transparent;cursor:pointer;text-decoration:none;display:inline-block;text-align:center}
.button.main{background:var(--accent);color:var(--on-accent)}.button.main:hover{background:var(--accent-hover)}
.button.quiet{background:var(--card);color:var(--ink);border-color:var(--line);box-shadow:var(--shadow)}.button.quiet:hover{border-color:var(--soft)}
.button.grave{background:var(--card);color:var(--bad);border-color:currentcolor}.button.grave:hover{background:var(--bad-ground)}
.button.wide{width:100%;padding:.8125rem 1.125rem;font-size:1.0625rem}
.choices{border:0;min-width:0;display:flex;flex-direction:column;gap:.5rem}
.choices legend{padding:0;font-weight:600;margin-bottom:.5rem}
.choice{display:flex;align-items:center;gap:.75rem;padding:.75rem 1rem;border:1px solid var(--line);border-radius:8px;background:var(--card);cursor:pointer}
.choice:hover{border-color:var(--soft)}
.choice:has(:checked){border-color:var(--accent);box-shadow:0 0 0 1px var(--accent)}
.choice:has(:focus-visible){outline:3px solid var(--accent);outline-offset:2px}
.choice input{accent-color:var(--accent);width:1.125rem;height:1.125rem;margin:0;flex:none;outline:0}
.choice .what{flex:1;min-width:0;display:flex;flex-direction:column}.choice .label{font-weight:550}
.field{display:flex;flex-direction:column;gap:.375rem}.field label,.field .label{font-weight:600}
.field input{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.625rem .75rem;width:100%}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
th{text-align:left;font-weight:550;color:var(--soft);font-size:.8125rem;padding:0 1.5rem .5rem 0}
td{padding:.625rem 1.5rem .625rem 0;border-top:1px solid var(--line);vertical-align:middle}
th:last-child,td:last-child{padding-right:0;text-align:right}
td.number,th.number{text-align:right}td,th{white-space:nowrap}.small{padding:.3125rem .875rem;font-size:.9375rem}
@media (max-width:60rem){.aside .inner,.main .inner{padding-inline:2rem}}
@media (max-width:47rem){.sides{display:block}.aside{border-right:0;border-bottom:1px solid var(--line)}
.aside .inner{min-height:0;max-width:40rem;margin:auto;padding:1.5rem 1.25rem;gap:1rem;position:static}.simulated{margin:0;padding-top:.25rem}
.main .inner{margin:auto;padding:1.75rem 1.25rem 3rem;gap:2.25rem}.total{font-size:1.875rem}
.row .button{flex:1 1 auto}th,td{padding-right:1rem}.wide-only{display:none}}
@media (prefers-reduced-motion:no-preference){.button,.choice,.back{transition:background .12s,border-color .12s,color .12s}}
`
