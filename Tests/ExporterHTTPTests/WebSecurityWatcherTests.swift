import Foundation
import Logging
import TestSupport
import Testing

@testable import ExporterHTTP

/// A web configuration file that names one user, or a certificate by `tls`.
@Suite struct WebSecurityWatcherTests {
    private struct Unusable: Error {}

    private let folder: TemporaryFolder
    private let log = CapturedLog()
    private let watcher: WebSecurityWatcher

    private var file: String { folder.file("web") }
    private var certificate: String { folder.file("certificate") }
    private var users: [String] { watcher.current.configuration.users.keys.sorted() }
    private var refusals: Int { log.entries.count { $0.level == .error } }

    init() throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        try Data("alice".utf8).write(to: URL(filePath: folder.file("web")))
        watcher = try WebSecurityWatcher(file: folder.file("web"), logger: log.logger) { file in
            let text = try String(contentsOfFile: file, encoding: .utf8)
            switch text {
            case "": throw Unusable()
            case "tls":
                let certificate = folder.file("certificate")
                return WebConfiguration(tls: TLSSettings(certificateFile: certificate, keyFile: certificate))
            default: return WebConfiguration(users: [text: "hash"])
            }
        }
    }

    private func write(_ text: String, to file: String? = nil) throws {
        try Data(text.utf8).write(to: URL(filePath: file ?? self.file))
    }

    /// Checks twice: to detect a change and to read it.
    private func checkUntilSettled() async {
        for _ in 0..<3 { await watcher.check() }
    }

    @Test("a changed file is in force once two checks find it unchanged")
    func change() async throws {
        await checkUntilSettled()
        try write("bob")
        await watcher.check()
        #expect(users == ["alice"])
        await watcher.check()
        #expect(users == ["bob"])
    }

    @Test("a file that is being written is not read")
    func partialWrite() async throws {
        await checkUntilSettled()
        try write("")
        await watcher.check()
        try write("caroline")
        await watcher.check()
        #expect(users == ["alice"])
        await watcher.check()
        #expect(users == ["caroline"])
        #expect(refusals == 0)
    }

    @Test("a file that did not change is not read again")
    func noChange() async throws {
        await checkUntilSettled()
        #expect(log.entries.isEmpty)
    }

    @Test("a file that cannot be used leaves the previous one in force and is logged once", arguments: ["", nil])
    func unusable(text: String?) async throws {
        if let text { try write(text) } else { try FileManager.default.removeItem(atPath: file) }
        await checkUntilSettled()
        await checkUntilSettled()
        #expect(users == ["alice"])
        #expect(!watcher.isUpToDate)
        #expect(refusals == 1)
        try write("bob")
        await checkUntilSettled()
        #expect(users == ["bob"])
        #expect(watcher.isUpToDate)
    }

    @Test("a certificate is watched, also one that does not exist")
    func certificates() async throws {
        try write("tls")
        await checkUntilSettled()
        #expect(refusals == 1)
        try write("no PEM", to: certificate)
        await checkUntilSettled()
        #expect(refusals == 2)
        try write("other text", to: certificate)
        await checkUntilSettled()
        #expect(refusals == 3)
        #expect(users == ["alice"])
    }

    @Test("a new target of a symbolic link is a change")
    func link() async throws {
        let files = FileManager.default
        try write("bob", to: folder.file("target"))
        try files.removeItem(atPath: file)
        try files.createSymbolicLink(atPath: file, withDestinationPath: folder.file("target"))
        await checkUntilSettled()
        #expect(users == ["bob"])
    }

    @Test("a reload reads the file at once, even if size and time are as before")
    func reload() async throws {
        let time = [FileAttributeKey.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)]
        try write("bob")
        try FileManager.default.setAttributes(time, ofItemAtPath: file)
        await watcher.reload()
        #expect(users == ["bob"])
        try write("eve")
        try FileManager.default.setAttributes(time, ofItemAtPath: file)
        await checkUntilSettled()
        #expect(users == ["bob"])
        await watcher.reload()
        #expect(users == ["eve"])
    }
}
