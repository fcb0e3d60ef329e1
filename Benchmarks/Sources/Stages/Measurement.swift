import CAllocations
import CInstructions
import Foundation

/// Measures the CPU time of work, repeated, so that the least time shows the cost of the work also on a machine with
/// other load; under callgrind once, for its instructions.
enum Measurement {
    /// CPU time of this process in seconds.
    static var processorTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Runs the work once to warm up, then repeatedly, and prints the least and the median time of a unit, and the
    /// allocations of the last repetition.
    static func report(
        _ name: String,
        units: Int,
        _ work: () throws -> Void
    ) rethrows {
        try work()
        let repetitions = 15
        var times: [Double] = []
        times.reserveCapacity(repetitions)
        var allocations = 0
        for _ in 0..<(instructions_are_counted() ? 1 : repetitions) {
            instructions_start()
            let (count, start) = (allocation_count(), processorTime)
            try work()
            times.append(processorTime - start)
            allocations = allocation_count() - count
            instructions_stop(name)
        }
        report(name, units: units, times: times, allocations: allocations)
    }

    /// Prints times that were measured elsewhere.
    /// - Parameter bytes: the size of all units on disk, where that is of interest.
    static func report(_ name: String, units: Int, times: [Double], allocations: Int, bytes: Int? = nil) {
        let sorted = times.sorted()
        let (least, median) = (sorted[0], sorted[sorted.count / 2])
        let nanoseconds = 1e9 / Double(units)
        let size = bytes.map { #", "bytes": \#(Double($0) / Double(units))"# } ?? ""
        print(
            #"{"name": "\#(name)", "n": \#(units), "unit": "ns", "least": \#(least * nanoseconds), "#
                + #""median": \#(median * nanoseconds), "allocations": \#(Double(allocations) / Double(units))\#(size)}"#
        )
        fflush(nil)
    }
}
