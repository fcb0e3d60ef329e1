/// The content of the page at `/`: plain HTML without a script, modelled on the landing page of exporter-toolkit.
package struct LandingPage: Sendable {
    /// A link of the page.
    package struct Link: Sendable, Hashable {
        /// The text of the link.
        package let text: String
        /// Its target: a path of this server, without a prefix, or a URL.
        package let address: String
        /// What the target shows.
        package let description: String

        /// A link with a description.
        package init(_ text: String, address: String, description: String = "") {
            self.text = text
            self.address = address
            self.description = description
        }
    }

    /// The program's name.
    package let name: String
    /// The program's version.
    package let version: String
    /// One sentence on what the program does.
    package let description: String
    /// Links besides those to the routes of the server.
    package let links: [Link]
    /// Called for every view; `nil` where there is nothing to show.
    package let table: @Sendable () -> Table?

    /// A page; texts need no escaping.
    package init(
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
