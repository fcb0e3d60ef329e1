extension SharedData {
    /// Whether the recordings are present.
    package static var hasRecordings: Bool { exists("data") }

    /// The messages that a venue sent in a recording of cryptofeed, without those of the client.
    package static func messages(of name: String) throws -> [String] {
        try lines("data/ws-frames-cryptofeed/\(name)").compactMap { line in
            guard !line.hasPrefix("wss:"), let brace = line.firstIndex(of: "{") else { return nil }
            return String(line[brace...])
        }
    }
}
