/** The queries that the explorer opens with, one in each tab. */
export const EXAMPLES: readonly string[] = [
  `# Who am I, and what have I applied for?
# Choose a person at /sign-in first.
query Me {
  viewer {
    person {
      name
    }
    applications {
      id
      number
      stateLabel
      cohort {
        name
      }
      viewerCan {
        submit {
          allowed
          reasons
        }
      }
    }
  }
}
`,
  `# Which cohorts take applications?
# Nobody needs to sign in for this.
query Cohorts {
  cohorts(state: PUBLISHED) {
    nodes {
      id
      name
      region
      seats
      window {
        opens
        closes
      }
      viewerCan {
        applyAsCandidate {
          allowed
          reasons
        }
      }
    }
  }
}
`,
  `# Start an application: put in the id of a
# cohort from the tab before.
mutation Apply {
  applicationStart(
    input: { cohortId: "", kind: CANDIDATE }
  ) {
    application {
      id
      number
    }
    userErrors {
      message
    }
  }
}
`,
  `# The committee's view of the applications.
# Choose "committee" or "staff" at /sign-in.
query Board {
  cohorts(state: PUBLISHED) {
    nodes {
      name
      seats
      seatsTaken
      applications {
        nodes {
          id
          number
          state
          applicant {
            name
          }
          decision {
            outcome
            state
          }
          certificate {
            number
            expiresOn
          }
        }
      }
    }
  }
}
`,
];
