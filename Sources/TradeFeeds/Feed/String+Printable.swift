extension String {
    /// The text with control characters replaced, so that what a peer sends cannot forge lines of the log.
    var printable: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? "·" : $0 }))
    }
}
