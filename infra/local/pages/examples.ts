/** The queries that the explorer opens with, one in each tab. */
export const EXAMPLES: readonly string[] = [
  `# What can be asked? Every field is described: open the documentation on the left.
# To ask as one of the demo people, choose one at /sign-in and reload this page.
query WhatCanBeAsked {
  __schema {
    queryType {
      fields {
        name
        description
      }
    }
  }
}
`,
  `# What can be done?
query WhatCanBeDone {
  __schema {
    mutationType {
      fields {
        name
        description
      }
    }
  }
}
`,
];
