/// A value that is large and mostly missing, kept apart from what it belongs to.
struct Boxed<Value: Sendable>: Sendable {
    /// Empty, without memory of its own, or one.
    private var content: [Value] = []

    /// The value.
    var value: Value? {
        get { content.first }
        set {
            guard let newValue else {
                content = []
                return
            }
            if content.isEmpty { content.append(newValue) } else { content[0] = newValue }
        }
    }
}
