/// Why a configuration that is valid is not taken while the program runs.
enum ReloadError: Error, CustomStringConvertible {
    /// This part can be taken at a start only.
    case restartNeeded(key: String)
    /// The program is ending, or was not started with anything to reload.
    case notRunning
    /// The market could not be started anew; the one before runs again.
    case failed(reason: String)

    var description: String {
        switch self {
        case .restartNeeded(let key): "\(key) has changed: restart needed; the configuration before stays in force"
        case .notRunning: "the program is starting or ending; try again"
        case .failed(let reason): "\(reason); the configuration before is in force again"
        }
    }
}
