/// A document that many clients request, rendered once for all that wait for it.
///
/// ```swift
/// let cities = SharedDocument(contentType: "application/json") { .init("[1, 2]", parts: ["Rome": 1..<2]) }
/// let endpoints = [
///     Endpoint("/cities", cities),
///     Endpoint("/cities/{name}", cities) { $0.pathParameters["name"] ?? "" },
/// ]
/// ```
package struct SharedDocument: Sendable {
    /// A document at one time.
    package struct Text: Sendable {
        let bytes: [UInt8]
        let parts: [String: Range<Int>]

        /// - Parameter parts: the range of each part that can be requested alone, in bytes of UTF-8.
        package init(_ text: String, parts: [String: Range<Int>] = [:]) {
            bytes = Array(text.utf8)
            self.parts = parts
        }
    }

    /// There is one document per address.
    struct Key: Hashable, Sendable {}

    let contentType: String
    let rendering: SharedRendering<Key>

    /// A document; what `render` throws is answered with status 500.
    package init(contentType: String, render: @escaping @Sendable () throws -> Text) {
        self.contentType = contentType
        rendering = SharedRendering(on: ServingThreads.documents) { _ in
            let text = try render()
            return Rendering(text.bytes, parts: text.parts)
        }
    }
}
