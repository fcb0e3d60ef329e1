/// Who else may write to a database.
enum WriteAccess: Sendable {
    /// Only processes with ``shared`` access: held by an operating-system lock.
    case exclusive
    /// The process with exclusive access, and others with shared access. Transactions must be short.
    case shared
}
