/// What the page at `/` shows: plain HTML without a script, after the landing page of exporter-toolkit.
public struct LandingPage: Sendable {
    /// A link of the page.
    public struct Link: Sendable, Hashable {
        /// The text to click on.
        public let text: String
        /// Where it leads: a path of this server, before any prefix, or a URL.
        public let address: String
        /// What is found there.
        public let description: String

        /// A link with a description.
        public init(_ text: String, address: String, description: String = "") {
            self.text = text
            self.address = address
            self.description = description
        }
    }

    /// The program's name.
    public let name: String
    /// The program's version.
    public let version: String
    /// One sentence on what the program does.
    public let description: String
    /// Links besides those to the routes of the server.
    public let links: [Link]
    /// Asked at every view; `nil` where there is nothing to show.
    public let table: @Sendable () -> Table?

    /// A page; texts need no escaping.
    public init(
        name: String,
        version: String,
        description: String,
        links: [Link] = [],
        table: @escaping @Sendable () -> Table? = { nil }
    ) {
        self.name = name
        self.version = version
        self.description = description
        self.links = links
        self.table = table
    }
}
