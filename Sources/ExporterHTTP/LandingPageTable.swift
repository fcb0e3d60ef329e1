extension LandingPage {
    /// A table whose rows may have notes and further tables, which are folded.
    ///
    /// ```swift
    /// LandingPage.Table(
    ///     caption: "Two cities, the warmest first.",
    ///     header: [.init("City", kind: .heading), .init("Degrees", label: "Degrees", kind: .number, key: "degrees")],
    ///     rows: [
    ///         .init(["Rome", .init("31", rank: 31)], notes: ["It is a clear day."]),
    ///         .init(["Oslo", .init("19", rank: 19)]),
    ///     ],
    ///     sort: "degrees"
    /// )
    /// ```
    package struct Table: Sendable, Hashable {
        /// What the table shows, in a sentence or two; empty for nothing.
        package let caption: String
        /// The columns.
        package let header: [Column]
        /// The rows.
        package let rows: [Row]
        /// The key of the column that orders the rows unless the visitor chooses another; nil for the order given.
        package let sort: String?

        /// A table; rows have as many cells as the header.
        package init(caption: String = "", header: [Column], rows: [Row], sort: String? = nil) {
            self.caption = caption
            self.header = header
            self.rows = rows
            self.sort = sort
        }
    }

    /// A column of a table.
    package struct Column: Sendable, Hashable, ExpressibleByStringLiteral {
        /// What its cells are.
        package enum Kind: Sendable, Hashable {
            /// What the row is about.
            case heading
            /// Words.
            case text
            /// Figures.
            case number
        }

        /// The name at the top of the column.
        package let title: String
        /// The name beside each value where a window is too narrow for a table; nil where the value needs none.
        package let label: String?
        /// What the cells are.
        package let kind: Kind
        /// The name by which a visitor sorts by the column, as in `/?sort=name`; nil where that makes no sense.
        package let key: String?
        /// The order that a visitor sees first.
        package let order: SortOrder
        /// The width, relative to that of the other columns; from 2 on also that of two values in a narrow window.
        package let width: Double

        /// A column. Figures are sorted in descending order first, everything else in ascending order.
        package init(
            _ title: String,
            label: String? = nil,
            kind: Kind = .text,
            key: String? = nil,
            order: SortOrder? = nil,
            width: Double = 1
        ) {
            self.title = title
            self.label = label
            self.kind = kind
            self.key = key
            self.order = order ?? (kind == .number ? .descending : .ascending)
            self.width = width
        }

        /// A column of words by which nothing is sorted.
        package init(stringLiteral title: String) {
            self.init(title)
        }
    }

    /// A direction of sorting; the words are those of the query and of `aria-sort`.
    package enum SortOrder: String, Sendable, Hashable, CaseIterable {
        /// The smallest rank first.
        case ascending
        /// The largest rank first.
        case descending
    }

    /// A row of a table.
    package struct Row: Sendable, Hashable, ExpressibleByArrayLiteral {
        /// One cell per column.
        package let cells: [Cell]
        /// Sentences below the cells, each a paragraph.
        package let notes: [String]
        /// What is shown on demand.
        package let folds: [Fold]

        /// A row.
        package init(_ cells: [Cell], notes: [String] = [], folds: [Fold] = []) {
            self.cells = cells
            self.notes = notes
            self.folds = folds
        }

        /// A row of cells alone.
        package init(arrayLiteral cells: Cell...) {
            self.init(cells)
        }
    }

    /// A table that a visitor unfolds.
    package struct Fold: Sendable, Hashable {
        /// What is folded, in a few words.
        package let summary: String
        /// What appears.
        package let table: Table

        /// A table behind a summary.
        package init(_ summary: String, table: Table) {
            self.summary = summary
            self.table = table
        }
    }

    /// A cell of a table.
    package struct Cell: Sendable, Hashable, ExpressibleByStringLiteral {
        /// How a cell looks; its text says the same.
        package enum Tone: String, Sendable, Hashable {
            /// It deserves attention now.
            case alarm
            /// It deserves a look.
            case warning
            /// It is as usual.
            case usual
            /// There is no value.
            case missing
        }

        /// What it says.
        package let text: String
        /// Where it leads; nil for nowhere.
        package let address: String?
        /// A second line in small type; empty for none.
        package let detail: String
        /// How it looks; nil for plain text.
        package let tone: Tone?
        /// What the row is sorted by; a row without a rank comes last in either order.
        package let rank: Double?

        /// A cell.
        package init(
            _ text: String,
            address: String? = nil,
            detail: String = "",
            tone: Tone? = nil,
            rank: Double? = nil
        ) {
            self.text = text
            self.address = address
            self.detail = detail
            self.tone = tone
            self.rank = rank
        }

        /// A cell of plain text.
        package init(stringLiteral text: String) {
            self.init(text)
        }
    }
}
