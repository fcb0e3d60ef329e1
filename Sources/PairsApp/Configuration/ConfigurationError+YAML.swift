import Yams

extension ConfigurationError {
    /// An error of the YAML parser, in this program's terms.
    init(yamlError: YamlError, file: String) {
        switch yamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(file: file, line: mark.line, key: "", problem: "not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { "\($0)" }.sorted().joined(separator: ", ")
            self.init(file: file, line: context.mark.line, key: "", problem: "key given twice: \(keys)")
        case .reader(let problem, let offset, _, let yaml):
            let line = yaml.utf8.prefix(max(0, offset ?? 0)).count { $0 == UInt8(ascii: "\n") } + 1
            self.init(file: file, line: line, key: "", problem: "not valid YAML: \(problem)")
        default:
            self.init(file: file, line: nil, key: "", problem: "not valid YAML: \(yamlError)")
        }
    }
}
