/// The reviewed sentences.
enum GoldenWords {
    /// Every sentence: its part, its condition, the sentence itself.
    static let table = """
        distance from the line | z unknown, signal holds | The last bar has no forecast z; the signal of earlier bars still holds.
        distance from the line | z unknown | The last bar has no forecast z.
        distance from the line | z beyond entry, signal holds | The forecast z is beyond its entry level: the spread is far from its line.
        distance from the line | z beyond entry, dwell not over | The forecast z is beyond its entry level, but not yet for enough fresh bars in a row.
        distance from the line | z between its levels, signal holds | The forecast z is between its levels; its signal holds until z stays within its exit level.
        distance from the line | z between its levels | The forecast z is between its exit and entry levels.
        distance from the line | z within exit, signal holds | The forecast z is within its exit level, but not yet for enough bars to end its signal.
        distance from the line | z within exit | The forecast z is within its exit level: the spread is close to its line.
        correlation of returns | breakdown signalled, not recovered | The correlation of returns broke down and has not recovered.
        correlation of returns | correlation unknown | The correlation of returns has no value.
        correlation of returns | strong correlation | Over the window the returns move together strongly.
        correlation of returns | weak correlation | Over the window the returns move together weakly.
        correlation of returns | negative correlation | Over the window the returns tend to move in opposite directions.
        correlation of returns | hardly any correlation | Over the window the returns hardly move together.
        changes of the spread | wide changes | The spread's changes are wider than usual.
        cointegration | break signalled | Cointegration was proven, but a break is signalled.
        cointegration | no test counts | No cointegration test counts at present.
        cointegration | proven | Repeated tests prove cointegration.
        cointegration | not proven | Repeated tests do not prove cointegration.
        level of confidence | no confidence, too few bars for a test | There is no confidence, because the window has too few bars in a row for a cointegration test.
        level of confidence | no confidence, no stretch for a test | There is no confidence, because gaps leave too few bars in a row for a cointegration test.
        level of confidence | no confidence, no test | There is no confidence, because no cointegration test counts at present.
        level of confidence | low, limited by evidence | Confidence is low; the evidence limits it most.
        level of confidence | low, limited by oldPrices | Confidence is low; bars that repeat old prices limit it most.
        level of confidence | low, limited by missingBars | Confidence is low; missing bars limit it most.
        level of confidence | moderate, limited by evidence | Confidence is moderate; the evidence limits it most.
        level of confidence | moderate, limited by oldPrices | Confidence is moderate; bars that repeat old prices limit it most.
        level of confidence | moderate, limited by missingBars | Confidence is moderate; missing bars limit it most.
        level of confidence | moderate, limited by nothing | Confidence is moderate.
        level of confidence | high, limited by evidence | Confidence is high; the evidence limits it most.
        level of confidence | high, limited by oldPrices | Confidence is high; bars that repeat old prices limit it most.
        level of confidence | high, limited by missingBars | Confidence is high; missing bars limit it most.
        level of confidence | high, limited by nothing | Confidence is high.
        latest test | proven before a signalled break | The evidence may come from bars before the signalled break.
        latest test | no latest test | The latest test has no result.
        latest test | proven by hysteresis, latest test finds none | The latest test finds no cointegration; the proof holds, although evidence is below its threshold.
        latest test | proven by hysteresis | The evidence is below its threshold, but not low enough for the proof to end.
        latest test | proven, latest test finds none | The latest test alone finds no cointegration; repeated tests still prove it.
        latest test | enough evidence, not proven | The evidence is beyond its threshold, but cointegration does not count as proven.
        latest test | not proven, latest test finds | The latest test alone finds cointegration; repeated tests do not prove it.
        unit root of the legs | a leg reverts | A leg reverts by itself in its latest test.
        hedge ratio | unusual hedge ratio | The hedge ratio is negative or extreme.
        spread and tests | break signalled | Watch whether tests of bars after the break prove cointegration again.
        spread and tests | z unknown | Watch whether the next bar has a forecast z.
        spread and tests | z beyond entry, dwell not over | Watch whether z stays beyond its entry level for enough bars to count.
        spread and tests | z within exit, signal holds | Watch whether z stays within its exit level until its signal ends.
        spread and tests | stretched, not proven | Watch whether z comes back; without proof of cointegration it may not.
        spread and tests | stretched, half-life known | Watch whether the distance from the line halves in one half-life.
        spread and tests | stretched, half-life below a bar | Watch whether z comes back; the spread has reverted faster than one bar.
        spread and tests | stretched, no half-life | Watch whether z comes back; the spread shows no sure half-life.
        spread and tests | stretched, half-life unknown | Watch whether z comes back; the half-life is not known.
        spread and tests | too few bars for a test | Watch the tests of a window with more bars.
        spread and tests | no test counts | Watch for the next cointegration test that counts.
        spread and tests | proven, latest test finds none | Watch whether the next tests find cointegration again.
        spread and tests | proven | Watch whether repeated tests still prove cointegration.
        spread and tests | not proven, latest test finds | Watch whether the next tests also find cointegration.
        spread and tests | not proven | Watch whether the evidence for cointegration grows.
        correlation of returns | breakdown signalled, recovered | Watch whether the correlation stays recovered until its signal ends.
        correlation of returns | breakdown signalled | Watch whether the correlation recovers, and which leg moves alone.
        correlation of returns | recent correlation below its floor | Watch whether the low recent correlation becomes a signalled breakdown.
        changes of the spread | spike signalled, changes usual | Watch whether the changes stay usual until their signal ends.
        changes of the spread | spike signalled | Watch whether the changes become narrower.
        changes of the spread | wide changes, dwell not over | Watch whether the changes stay wide for enough bars to count.
        no reading | window fills, only a little missing | Not enough data yet: only a little of what a first reading needs is missing.
        no reading | window fills, about a quarter missing | Not enough data yet: about a quarter of what a first reading needs is missing.
        no reading | window fills, about half missing | Not enough data yet: about half of what a first reading needs is missing.
        no reading | window fills, about three quarters missing | Not enough data yet: about three quarters of what a first reading needs is missing.
        no reading | window fills, nearly all missing | Not enough data yet: nearly all of what a first reading needs is missing.
        no reading | stale | A leg has been silent beyond the time for which its last price is carried.
        no reading | flat leg | A leg has hardly moved in the window, so no line can be fitted to the pair.
        no reading | collinear | The legs move as one, and what is left between them is rounding noise.
        no reading | gap | Not enough data: trades are known to be missing from too many bars of the window.
        no reading | too few bars | Not enough data yet: too few bars have a value on both legs.
        trust | no reading | There is no reading to trust.
        no reading | stale | Watch whether the feed and the stream of each leg are up.
        no reading | flat leg | Watch whether the leg trades at all, and look at bars of more time.
        no reading | collinear | Watch whether one leg is quoted from the other; such a pair has no spread to study.
        no reading | gap | Watch the count of unrepaired trades; the window is complete once lost bars have left it.
        no reading | too few bars | Watch the fill ratio of the window grow with every closed bar.
        """
    /// The sentences about a cointegrated pair whose spread becomes a random walk: bar, state, meaning, confidence,
    /// watch.
    static let market = """
        0 | warming up | Not enough data yet: nearly all of what a first reading needs is missing. | There is no reading to trust. | Watch the fill ratio of the window grow with every closed bar.
        24 | warming up | Not enough data yet: about three quarters of what a first reading needs is missing. | There is no reading to trust. | Watch the fill ratio of the window grow with every closed bar.
        48 | warming up | Not enough data yet: about half of what a first reading needs is missing. | There is no reading to trust. | Watch the fill ratio of the window grow with every closed bar.
        72 | warming up | Not enough data yet: about a quarter of what a first reading needs is missing. | There is no reading to trust. | Watch the fill ratio of the window grow with every closed bar.
        96 | warming up | Not enough data yet: only a little of what a first reading needs is missing. | There is no reading to trust. | Watch the fill ratio of the window grow with every closed bar.
        120 | calm | The forecast z is between its exit and entry levels. Over the window the returns move together strongly. Repeated tests do not prove cointegration. | Confidence is low; the evidence limits it most. The latest test alone finds cointegration; repeated tests do not prove it. | Watch whether the next tests also find cointegration.
        144 | calm | The forecast z is between its exit and entry levels. Over the window the returns move together strongly. Repeated tests do not prove cointegration. | Confidence is low; the evidence limits it most. The latest test alone finds cointegration; repeated tests do not prove it. | Watch whether the next tests also find cointegration.
        168 | calm | The forecast z is within its exit level: the spread is close to its line. Over the window the returns move together strongly. Repeated tests do not prove cointegration. | Confidence is low; the evidence limits it most. The latest test alone finds cointegration; repeated tests do not prove it. | Watch whether the next tests also find cointegration.
        192 | calm | The forecast z is between its exit and entry levels. Over the window the returns move together strongly. Repeated tests do not prove cointegration. | Confidence is low; the evidence limits it most. The latest test alone finds cointegration; repeated tests do not prove it. | Watch whether the next tests also find cointegration.
        216 | pending | The forecast z is beyond its entry level, but not yet for enough fresh bars in a row. Over the window the returns move together strongly. Repeated tests prove cointegration. | Confidence is moderate; the evidence limits it most. | Watch whether z stays beyond its entry level for enough bars to count.
        240 | recovering | The forecast z is within its exit level, but not yet for enough bars to end its signal. Over the window the returns move together strongly. Repeated tests prove cointegration. | Confidence is moderate; the evidence limits it most. | Watch whether z stays within its exit level until its signal ends.
        264 | calm | The forecast z is between its exit and entry levels. Over the window the returns move together strongly. Repeated tests prove cointegration. | Confidence is moderate; the evidence limits it most. | Watch whether repeated tests still prove cointegration.
        288 | calm | The forecast z is within its exit level: the spread is close to its line. Over the window the returns move together strongly. Repeated tests prove cointegration. | Confidence is moderate; the evidence limits it most. | Watch whether repeated tests still prove cointegration.
        312 | calm | The forecast z is between its exit and entry levels. Over the window the returns move together strongly. Repeated tests prove cointegration. | Confidence is high; the evidence limits it most. | Watch whether repeated tests still prove cointegration.
        336 | calm | The forecast z is between its exit and entry levels. Over the window the returns move together strongly. Repeated tests prove cointegration. | Confidence is high. | Watch whether repeated tests still prove cointegration.
        360 | calm | The forecast z is between its exit and entry levels. Over the window the returns move together strongly. Repeated tests prove cointegration. | Confidence is high. | Watch whether repeated tests still prove cointegration.
        384 | calm | The forecast z is between its exit and entry levels. Over the window the returns move together strongly. Repeated tests prove cointegration. | Confidence is high. | Watch whether repeated tests still prove cointegration.
        408 | calm | The forecast z is within its exit level: the spread is close to its line. Over the window the returns move together strongly. Repeated tests prove cointegration. | Confidence is high. | Watch whether repeated tests still prove cointegration.
        432 | calm | The forecast z is between its exit and entry levels. Over the window the returns move together strongly. Repeated tests prove cointegration. | Confidence is high. The latest test alone finds no cointegration; repeated tests still prove it. | Watch whether the next tests find cointegration again.
        456 | calm | The forecast z is between its exit and entry levels. Over the window the returns move together strongly. Repeated tests prove cointegration. | Confidence is high. The latest test alone finds no cointegration; repeated tests still prove it. | Watch whether the next tests find cointegration again.
        480 | calm | The forecast z is within its exit level: the spread is close to its line. Over the window the returns move together strongly. Repeated tests prove cointegration. | Confidence is high. The latest test alone finds no cointegration; repeated tests still prove it. | Watch whether the next tests find cointegration again.
        504 | calm | The forecast z is within its exit level: the spread is close to its line. Over the window the returns move together strongly. Repeated tests prove cointegration. | Confidence is high. The latest test alone finds no cointegration; repeated tests still prove it. | Watch whether the next tests find cointegration again.
        528 | calm | The forecast z is between its exit and entry levels. Over the window the returns move together strongly. Repeated tests prove cointegration. | Confidence is high. The latest test alone finds no cointegration; repeated tests still prove it. | Watch whether the next tests find cointegration again.
        552 | calm | The forecast z is between its exit and entry levels. Over the window the returns move together strongly. Repeated tests prove cointegration. | Confidence is high. The latest test alone finds no cointegration; repeated tests still prove it. | Watch whether the next tests find cointegration again.
        576 | stretched | The forecast z is beyond its entry level: the spread is far from its line. Over the window the returns move together strongly. Repeated tests prove cointegration. | Confidence is high. The latest test alone finds no cointegration; repeated tests still prove it. | Watch whether z comes back; the spread shows no sure half-life.
        600 | stretched and at risk | The forecast z is beyond its entry level: the spread is far from its line. Over the window the returns move together strongly. Cointegration was proven, but a break is signalled. | Confidence is moderate; the evidence limits it most. The evidence may come from bars before the signalled break. | Watch whether tests of bars after the break prove cointegration again.
        624 | stretched and at risk | The forecast z is between its levels; its signal holds until z stays within its exit level. Over the window the returns move together strongly. Cointegration was proven, but a break is signalled. | Confidence is moderate; the evidence limits it most. The evidence may come from bars before the signalled break. | Watch whether tests of bars after the break prove cointegration again.
        648 | stretched and at risk | The forecast z is between its levels; its signal holds until z stays within its exit level. Over the window the returns move together strongly. Cointegration was proven, but a break is signalled. | Confidence is low; the evidence limits it most. The evidence may come from bars before the signalled break. | Watch whether tests of bars after the break prove cointegration again.
        672 | stretched and at risk | The forecast z is between its levels; its signal holds until z stays within its exit level. Over the window the returns move together strongly. Cointegration was proven, but a break is signalled. | Confidence is low; the evidence limits it most. The evidence may come from bars before the signalled break. | Watch whether tests of bars after the break prove cointegration again.
        696 | stretched and at risk | The forecast z is between its levels; its signal holds until z stays within its exit level. Over the window the returns move together strongly. Cointegration was proven, but a break is signalled. | Confidence is low; the evidence limits it most. The evidence may come from bars before the signalled break. | Watch whether tests of bars after the break prove cointegration again.
        """
}
