/// Who else may write to a database.
package enum WriteAccess: Sendable {
    /// Nobody but those who ask for ``shared`` access: held by an operating-system lock.
    case exclusive
    /// Whoever has exclusive access, and others with shared access. Transactions must be short.
    case shared
}
