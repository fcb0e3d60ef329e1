import Foundation

/// The three descriptors that a program is started with.
package enum StandardStreams {
    /// Makes them safe to write to, whatever they are. Belongs at the start of the program, before anything is opened.
    ///
    /// - A descriptor that was closed is taken, as the next file would get its number, the database for example, and log
    ///   lines would land in it. It is opened the wrong way round, so that a write to it fails as before.
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
