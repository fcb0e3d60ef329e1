import Foundation
import TestSupport
import Testing

@testable import PairStatistics

@Suite struct RollingMomentsTests {
    /// A plain copy of the last slots, nil a gap.
    private struct Reference {
        let capacity: Int
        private(set) var slots: [(x: Double, y: Double)?] = []

        mutating func append(_ slot: (x: Double, y: Double)?) {
            slots.append(slot)
            if slots.count > capacity { slots.removeFirst() }
        }

        mutating func revise(slotsBack: Int, _ slot: (x: Double, y: Double)?) {
            while slots.count <= slotsBack { slots.insert(nil, at: 0) }
            slots[slots.count - 1 - slotsBack] = slot
        }

        var levels: PairMoments {
            let valid = slots.compactMap { $0 }
            return PairMoments(x: valid.map(\.x), y: valid.map(\.y))
        }

        var steps: [(x: Double, y: Double)] {
            zip(slots, slots.dropFirst()).compactMap { before, after in
                guard let before, let after else { return nil }
                return (after.x - before.x, after.y - before.y)
            }
        }

        var returns: PairMoments { PairMoments(x: steps.map(\.x), y: steps.map(\.y)) }
    }

    private func expectEqual(_ ours: PairMoments, _ reference: PairMoments, tolerance: Double = 1e-11) {
        #expect(ours.count == reference.count)
        let sizes = (reference.sumXX.squareRoot(), reference.sumYY.squareRoot())
        #expect(abs(ours.meanX - reference.meanX) <= tolerance * sizes.0 + 4 * abs(reference.meanX).ulp)
        #expect(abs(ours.meanY - reference.meanY) <= tolerance * sizes.1 + 4 * abs(reference.meanY).ulp)
        #expect(abs(ours.sumXX - reference.sumXX) <= tolerance * reference.sumXX)
        #expect(abs(ours.sumYY - reference.sumYY) <= tolerance * reference.sumYY)
        #expect(abs(ours.sumXY - reference.sumXY) <= tolerance * sizes.0 * sizes.1)
    }

    @Test("Moments equal two passes over the same slots, gaps and still legs included", arguments: [2, 3, 7, 60])
    func followsTwoPass(capacity: Int) {
        var random = SeededRandom(seed: 7)
        var window = RollingPairWindow(capacity: capacity)
        var reference = Reference(capacity: capacity)
        var x = 11.0
        var y = 8.0
        for _ in 0..<500 {
            if random.uniform() < 0.7 { x += 1e-3 * random.normal() }
            if random.uniform() < 0.9 { y += 1e-3 * random.normal() }
            if random.uniform() < 0.1 {
                window.appendGap()
                reference.append(nil)
            } else {
                window.append(x: x, y: y)
                reference.append((x, y))
            }
            expectEqual(window.levels, reference.levels)
            expectEqual(window.returns, reference.returns)
            #expect(window.slotCount == reference.slots.count)
            #expect(window.validCount == reference.levels.count)
            #expect(window.changesX == reference.steps.count { $0.x != 0 })
            #expect(window.latest?.x == (reference.slots.last ?? nil)?.x)
            #expect(window.values().y == reference.slots.compactMap { $0?.y })
        }
        #expect(window.isFull)
    }

    @Test("Slots revised in any order, some before the first one seen, count as if seen", arguments: [2, 3, 7, 60])
    func revises(capacity: Int) {
        var random = SeededRandom(seed: 19)
        for _ in 0..<20 {
            var window = RollingPairWindow(capacity: capacity)
            var reference = Reference(capacity: capacity)
            for _ in 0..<3 * capacity {
                let slot: (x: Double, y: Double)? =
                    random.uniform() < 0.1 ? nil : (11 + random.normal(), 8 + random.normal())
                if !reference.slots.isEmpty, random.uniform() < 0.3 {
                    let slotsBack = Int(random.uniform() * Double(capacity))
                    window.revise(slotsBack: slotsBack, x: slot?.x ?? .nan, y: slot?.y ?? .nan)
                    reference.revise(slotsBack: slotsBack, slot)
                } else {
                    window.append(x: slot?.x ?? .nan, y: slot?.y ?? .nan)
                    reference.append(slot)
                }
                expectEqual(window.levels, reference.levels)
                expectEqual(window.returns, reference.returns)
                #expect(window.slotCount == reference.slots.count)
                #expect(window.changesY == reference.steps.count { $0.y != 0 })
                #expect(window.values().x == reference.slots.compactMap { $0?.x })
            }
        }
    }

    @Test("A difference is not taken across a gap")
    func gapBreaksReturns() {
        var window = RollingPairWindow(capacity: 10)
        window.append(x: 1, y: 1)
        window.append(x: 2, y: 3)
        window.appendGap()
        window.append(x: 9, y: 9)
        #expect(window.latest?.x == 9)
        #expect(window.returns.count == 1)
        #expect(window.returns.meanX == 1)
        #expect(window.returns.meanY == 2)
        #expect(window.slotCount == 4)
        #expect(window.validCount == 3)
    }

    @Test("A value that is not finite is a gap", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(value: Double) {
        var window = RollingPairWindow(capacity: 4)
        window.append(x: 1, y: 1)
        window.append(x: value, y: 1)
        #expect(window.latest == nil)
        window.append(x: 1, y: value)
        window.append(x: 3, y: 1)
        #expect(window.levels.meanX == 2)
        #expect(window.returns.count == 0)
        #expect(window.validCount == 2)
    }

    @Test("The longest stretch without a gap, the latest of equals")
    func longestRun() {
        var window = RollingPairWindow(capacity: 7)
        #expect(window.longestContiguousRun().x.isEmpty)
        for value in [0.0, 1, 2, .nan, 4, 5, .nan, 7] { window.append(x: value, y: -value) }
        #expect(window.longestContiguousRun().x == [4, 5])
        window.append(x: 8, y: -8)
        #expect(window.longestContiguousRun().y == [-7, -8])
        window.append(x: 9, y: -9)
        #expect(window.longestContiguousRun().x == [7, 8, 9])
    }

    @Test("A constant leg is flat, and so is one that moves in fewer than one step of ten")
    func flatLeg() {
        var constant = RollingPairWindow(capacity: 20)
        var stepping = RollingPairWindow(capacity: 21)
        var moving = RollingPairWindow(capacity: 21)
        for bar in 0..<40 {
            constant.append(x: 5, y: Double(bar))
            stepping.append(x: Double(bar / 20), y: Double(bar))
            moving.append(x: Double(bar / 10), y: Double(bar))
        }
        #expect(constant.hasFlatLeg)
        #expect(constant.levels.sumXX == 0)
        #expect(stepping.hasFlatLeg)
        #expect(stepping.changesX == 1)
        #expect(!moving.hasFlatLeg)
        #expect(moving.changesX == 2)
    }

    @Test(
        "A leg that moves to and fro between fewer values than a tenth of the window, or ten, is flat",
        arguments: [(60, 5, true), (60, 6, false), (1000, 9, true), (1000, 10, false), (5, 1, true)]
    )
    func fewValues(capacity: Int, values: Int, isFlat: Bool) {
        var window = RollingPairWindow(capacity: capacity)
        for bar in 0..<(2 * capacity) {
            // Values that have left the window do not count.
            let x = bar < capacity ? Double(bar) : Double(bar % values)
            window.append(x: x, y: Double(bar))
        }
        #expect(window.hasFlatLeg == isFlat)
        #expect(window.hasStillLeg == (values == 1))
        #expect(window.newestSlots(holding: values) == values)
        #expect(window.newestSlots(holding: values + 1) == nil)
    }

    @Test("A shock has no effect on the moments once it has left the window")
    func shockLeaves() {
        var random = SeededRandom(seed: 3)
        var window = RollingPairWindow(capacity: 30)
        var reference = Reference(capacity: 30)
        for bar in 0..<200 {
            let shock = bar == 100 ? 1e6 : 0
            let x = 11 + 1e-5 * random.normal() + shock
            let y = 8 + 1e-5 * random.normal() - shock
            window.append(x: x, y: y)
            reference.append((x, y))
            expectEqual(window.levels, reference.levels)
            expectEqual(window.returns, reference.returns)
        }
    }

    /// Largest relative error of the slope against two passes in extended precision, over log prices with jumps of ±30
    /// % and quiet stretches.
    private func largestSlopeError(capacity: Int, updates: Int, checkEvery: Int) throws -> Double {
        var random = SeededRandom(seed: UInt64(capacity))
        var window = RollingPairWindow(capacity: capacity)
        var (x, y) = (11.0, 8.0)
        var volatility = 3e-5
        var largest = 0.0
        for update in 1...updates {
            if update % 5000 == 0 { volatility = random.uniform() < 0.5 ? 3e-5 : 3e-7 }
            let common = volatility * random.normal()
            let jump = random.uniform() < 2e-4 ? (random.uniform() < 0.5 ? 0.3 : -0.3) : 0
            x += common + volatility * random.normal() + jump
            y += 1.3 * common + volatility * random.normal() + (random.uniform() < 0.5 ? jump : 0)
            window.append(x: x, y: y)
            guard update >= capacity, update % checkEvery == 0 else { continue }
            let ours = window.levels
            let exact = extendedMoments(window)
            let deviations = (exact.sumYY / exact.sumXX).squareRoot()
            let difference = abs(ours.sumXY / ours.sumXX - Double(exact.sumXY / exact.sumXX))
            largest = max(largest, difference / Double(deviations))
        }
        return largest
    }

    #if arch(x86_64)
        private typealias Extended = Float80
    #else
        private typealias Extended = Double
    #endif

    private func extendedMoments(_ window: RollingPairWindow) -> (sumXX: Extended, sumYY: Extended, sumXY: Extended) {
        let values = window.values()
        let n = Extended(values.x.count)
        let meanX = values.x.reduce(Extended.zero) { $0 + Extended($1) } / n
        let meanY = values.y.reduce(Extended.zero) { $0 + Extended($1) } / n
        var sums = (sumXX: Extended.zero, sumYY: Extended.zero, sumXY: Extended.zero)
        for (x, y) in zip(values.x, values.y) {
            let (dx, dy) = (Extended(x) - meanX, Extended(y) - meanY)
            sums.sumXX += dx * dx
            sums.sumYY += dy * dy
            sums.sumXY += dx * dy
        }
        return sums
    }

    @Test("The slope does not drift: 100,000 updates with shocks", arguments: [60, 300])
    func noDrift(capacity: Int) throws {
        #expect(try largestSlopeError(capacity: capacity, updates: 100_000, checkEvery: 37) <= 1e-9)
    }

    @Test(
        "The slope does not drift: 5 million updates with shocks",
        .enabled(if: ProcessInfo.processInfo.environment["PAIRS_LONG_TESTS"] != nil),
        arguments: [60, 300]
    )
    func noDriftLong(capacity: Int) throws {
        let error = try largestSlopeError(capacity: capacity, updates: 5_000_000, checkEvery: 101)
        print("largest slope error after 5 million updates, window \(capacity): \(error)")
        #expect(error <= 1e-9)
    }
}
