import Testing

@testable import TradeStore

@Suite struct IDRangesTests {
    @Test(
        "ids in any order become ranges that neither overlap nor touch",
        arguments: [
            ([1, 2, 3], [1...3]), ([1, 3], [1...1, 3...3]), ([3, 1, 2], [1...3]), ([5, 5, 6, 5], [5...6]),
            ([10, 11, 4, 5, 7, 6, 8, 9], [4...11]),
        ] as [([Int64], [ClosedRange<Int64>])]
    )
    func inserting(ids: [Int64], expected: [ClosedRange<Int64>]) {
        var ranges = IDRanges()
        for id in ids { ranges.insert(id) }
        #expect(ranges.ranges == expected)
    }

    @Test(
        "a removal splits, shortens or removes ranges",
        arguments: [
            (5...6, [1...4, 7...9, 20...22]), (1...9, [20...22]), (8...20, [1...7, 21...22]), (0...30, []),
            (10...19, [1...9, 20...22]), (22...22, [1...9, 20...21]),
        ] as [(ClosedRange<Int64>, [ClosedRange<Int64>])]
    )
    func removing(ids: ClosedRange<Int64>, expected: [ClosedRange<Int64>]) {
        var ranges = IDRanges()
        for id in Array(1...9) + Array(20...22) { ranges.insert(Int64(id)) }
        let common = ranges.intersection(ids)
        ranges.remove(ids)
        #expect(ranges.ranges == expected)
        for id in Int64(0)...30 {
            let wasThere = (1...9).contains(id) || (20...22).contains(id)
            #expect(ranges.contains(id) == (wasThere && !ids.contains(id)))
            #expect(common.contains(id) == (wasThere && ids.contains(id)))
        }
    }
}
