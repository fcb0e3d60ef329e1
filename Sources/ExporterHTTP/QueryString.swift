import Foundation

/// The parameters of a URL's query, names and values decoded, in the order given.
struct QueryString {
    let parameters: [(name: String, value: String)]

    /// Reads a query without the question mark; a part that is not UTF-8 once decoded stays encoded.
    init(_ text: String?) {
        parameters = (text ?? "").split(separator: "&").map { part in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decoded(sides[0]), sides.count > 1 ? Self.decoded(sides[1]) : "")
        }
    }

    /// The values of every parameter of this name.
    func values(_ name: String) -> [String] {
        parameters.filter { $0.name == name }.map(\.value)
    }

    private static func decoded(_ text: Substring) -> String {
        let spaced = text.replacing("+", with: " ")
        return spaced.removingPercentEncoding ?? String(spaced)
    }
}
