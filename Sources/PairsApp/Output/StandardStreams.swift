import Foundation

/// The three descriptors that a program is started with.
package enum StandardStreams {
    /// Makes them safe to write to, whatever they are. It must run at the start of the program, before a file is
    /// opened.
    ///
    /// - A closed descriptor is opened, because the next file, such as the database, would get its number and then the
    ///   log lines. It is opened in the opposite direction, so that a write to it still fails.
    /// - A pipe without a reader, and a file at the limit of its size (`ulimit -f`), are an error of the write: the
    ///   signals that would end the program are ignored.
    package static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
        where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
