/// Why a configuration that is valid is not taken while the program runs.
enum ReloadError: Error, CustomStringConvertible {
    /// This part can be taken at a start only.
    case restartNeeded(key: String)
    /// The program is ending, or was not started with anything to reload.
    case notRunning
    /// What the feeds have brought is not on disk, so that no other session can begin with it.
    case storeFailing(reason: String)
    /// The next session could not start; the one before runs again.
    case failed(reason: String)

    var description: String {
        switch self {
        case .restartNeeded(let key): "\(key) has changed: restart needed; the configuration before stays in force"
        case .notRunning: "the program is starting or ending; try again"
        case .storeFailing(let reason):
            "the database cannot be written, which new instruments or timeframes need (\(reason)); the configuration "
                + "before stays in force; try again once it can be"
        case .failed(let reason): "\(reason); the configuration before is in force again"
        }
    }
}
