import Testing

@testable import PairsApp

@Suite struct TestBacklogTests {
    private let start = ContinuousClock.now

    private func backlog(_ steps: [(waiting: Int, second: Int)]) -> TestBacklog {
        var backlog = TestBacklog()
        for step in steps { backlog.update(waiting: step.waiting, now: start + .seconds(step.second)) }
        return backlog
    }

    @Test(
        "The oldest waiting test is the first of those without a result",
        arguments: [
            ([], nil),
            ([(2, 1)], 1),
            ([(2, 1), (3, 5)], 1),
            ([(2, 1), (3, 5), (2, 6)], 1),
            ([(2, 1), (3, 5), (1, 6)], 5),
            ([(2, 1), (3, 5), (0, 6)], nil),
            ([(2, 1), (0, 2), (1, 3)], 3),
        ] as [([(waiting: Int, second: Int)], Int?)]
    )
    func oldest(steps: [(waiting: Int, second: Int)], expected: Int?) {
        #expect(backlog(steps).oldest == expected.map { start + .seconds($0) })
    }
}
