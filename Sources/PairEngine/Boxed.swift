/// A large value that is mostly missing, stored outside its owner.
struct Boxed<Value: Sendable>: Sendable {
    /// Empty, which needs no memory, or one value.
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
