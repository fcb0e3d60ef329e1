import CBuildInformation

/// The source and the target of this build.
package enum BuildInformation {
    /// The program's version (semver.org).
    package static let version = "0.1.0"
    /// The name of the program.
    package static let name = "pairs-exporter"

    /// The commit it was built from, from the environment variable `REVISION` at the time of the build.
    package static var revision: String { String(cString: pairs_exporter_revision()) }

    /// The compiler's version, as far as a program can detect it.
    static var swiftVersion: String {
        #if compiler(>=6.4)
            "6.4"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }

    /// The operating system built for.
    static var operatingSystem: String {
        #if os(Linux)
            "linux"
        #elseif os(macOS)
            "darwin"
        #else
            "unknown"
        #endif
    }

    /// The processor architecture built for.
    static var architecture: String {
        #if arch(x86_64)
            "amd64"
        #elseif arch(arm64)
            "arm64"
        #else
            "unknown"
        #endif
    }

    /// What `--version` prints, in the form of the Prometheus family.
    package static var text: String {
        """
        \(name), version \(version) (revision: \(revision))
          swift version:    \(swiftVersion)
          platform:         \(operatingSystem)/\(architecture)
        """
    }
}
