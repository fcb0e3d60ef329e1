extension ImportSummary {
    /// How many runs of missing ids are listed.
    private static let listed = 100

    /// What people read: one line on the file, and one for each run of missing ids.
    public var text: String {
        if wasImported { return "\(path): imported before, nothing to do\n" }
        var parts: [String] = []
        if trades > 0 { parts.append("\(trades) trades, \(newTrades) of them new") }
        parts.append("\(bars) bars")
        if isVerified { parts.append("checksum verified") }
        if faultCount > 0 { parts.append("\(faultCount) lines not imported") }
        if !isNumbered { parts.append("without ids, so completeness is unprovable") }
        var lines = ["\(path): " + parts.joined(separator: ", ")]
        lines += missing.prefix(Self.listed).map { run in
            "  missing: \(run.stream) ids \(run.ids.lowerBound) to \(run.ids.upperBound) (\(run.ids.count))"
        }
        if missing.count > Self.listed {
            lines.append("  and \(missing.count - Self.listed) further runs of missing ids; see the view hole")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
