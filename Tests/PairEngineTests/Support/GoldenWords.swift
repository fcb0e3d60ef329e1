/// Every sentence as it was reviewed: name, meaning and what to watch of each state, then the degrees of trust.
enum GoldenWords {
    static let states = """
        calm | The spread stays within its usual range around the fitted line. | Watch the forecast z-score, and whether cointegration tests keep passing.
        stretched | The spread is unusually far from its line, while the legs move together and swing as usual. | Watch whether the spread comes back within its half-life, and whether the return correlation holds.
        decoupled | The legs have lately stopped moving together, though the spread is not unusually far from its line. | Watch whether the return correlation recovers before the spread begins to drift.
        stretched and decoupled | The spread is unusually far from its line and the legs have stopped moving together, which looks like a changed relation rather than a stretched one. | Watch the hedge ratio and the next cointegration tests, and whether one leg alone has moved.
        turbulent | The spread swings much wider than usual, but around its line. | Watch whether the swings calm down; until then every distance from the line counts for less.
        stretched and turbulent | The spread is far from its line while it swings much wider than usual, so the distance is less unusual than its z-score says. | Watch whether the swings calm down, and how far the spread is from its line once they have.
        decoupled and turbulent | The legs have lately stopped moving together and the spread swings much wider than usual. | Watch which leg moves alone, and whether the return correlation recovers.
        stretched, decoupled and turbulent | The spread is far from its line, swings much wider than usual, and the legs have stopped moving together: the fitted line hardly describes the present. | Watch which leg moves alone, and how the hedge ratio shifts as newer bars fill the window.
        unproven | The spread stays within its usual range, but test after test has found no pull back to a mean. | Watch the tests over longer windows, and the half-life beside the length of the window.
        stretched and unproven | The spread is unusually far from its line, but test after test has found no pull back; unrelated random walks often look like this. | Watch the next cointegration tests, and the share of past extremes that reverted.
        decoupled and unproven | The legs have lately stopped moving together, and test after test has found no common mean. | Watch the return correlation of longer bars, and whether later tests pass again.
        stretched, decoupled and unproven | The spread is far from its line, the legs have stopped moving together, and test after test has found no common mean. | Watch which leg moves alone, and whether tests over a longer window still pass.
        turbulent and unproven | The spread swings much wider than usual, and test after test has found no pull back to a mean. | Watch whether the swings calm down, and whether later tests pass again.
        stretched, turbulent and unproven | The spread is far from its line and swings much wider than usual, and test after test has found no pull back to a mean. | Watch whether the swings calm down, and the tests over longer windows.
        decoupled, turbulent and unproven | The legs have stopped moving together, the spread swings much wider than usual, and test after test has found no common mean. | Watch which leg moves alone, and the return correlation of longer bars.
        broken | The spread is far from its line and swings much wider than usual, the legs have stopped moving together, and test after test has found no common mean: nothing measured here ties them to each other. | Watch which leg moves alone, and whether a longer window still shows a relation.
        warming up | Not enough data yet: only a little of what a first reading needs is missing. | Watch the fill ratio of the window grow with every closed bar.
        warming up | Not enough data yet: about a quarter of what a first reading needs is missing. | Watch the fill ratio of the window grow with every closed bar.
        warming up | Not enough data yet: about half of what a first reading needs is missing. | Watch the fill ratio of the window grow with every closed bar.
        warming up | Not enough data yet: about three quarters of what a first reading needs is missing. | Watch the fill ratio of the window grow with every closed bar.
        warming up | Not enough data yet: nearly all of what a first reading needs is missing. | Watch the fill ratio of the window grow with every closed bar.
        too little data | Not enough data yet: too few bars have a value on both legs. | Watch the fill ratio of the window grow with every closed bar.
        flat leg | A leg has hardly moved in the window, so no line can be fitted to the pair. | Watch whether the leg trades at all, and look at longer bars.
        legs move as one | The legs move as one, and what is left between them is rounding noise. | Watch whether one leg is quoted from the other; such a pair has no spread to study.
        too little data | Not enough data yet: too few bars have a value on both legs. | Watch the fill ratio of the window grow with every closed bar.
        bars lost | Not enough data: trades are known to be missing from too many bars of the window. | Watch the count of unrepaired trades; the window heals as lost bars leave it.
        stale | A leg has been silent beyond the time for which its last price is carried. | Watch whether the feed and the stream of each leg are up.
        not reverting | The spread shows no pull towards its mean. | Watch the tests and the half-life over a longer window.
        """
    static let confidence = """
        This deserves little trust; its weakest link is how closely the returns of the legs are correlated.
        This deserves little trust; its weakest link is that bars repeat old prices, because a leg trades rarely.
        This deserves little trust; its weakest link is that bars are missing from the window.
        This deserves some trust; its weakest link is how closely the returns of the legs are correlated.
        This deserves some trust; its weakest link is that bars repeat old prices, because a leg trades rarely.
        This deserves some trust; its weakest link is that bars are missing from the window.
        This deserves some trust; its weakest link is that cointegration is not proven over this window.
        This deserves much trust; its weakest link is how closely the returns of the legs are correlated.
        This deserves much trust; its weakest link is that bars repeat old prices, because a leg trades rarely.
        This deserves much trust; its weakest link is that bars are missing from the window.
        """
}
