Feature: Inviting by email
  An email tells someone where to connect. It carries the sender's address and a link,
  and whoever follows it still has to ask for a session.

  Rule: EMAIL-1 A client older than version 7 can produce an invitation email

    @EMAIL-1
    Scenario Outline: An older client produces an invitation email
      Given Ada uses version <version>
      When Ada starts an invitation email from <entry>
      Then the attempt succeeds
      And an email opens

      Examples:
        | version | entry                          |
        | 6.3.2   | the Invitation Email link      |
        | 5.4.2   | the context menu of the own ID |

  Rule: EMAIL-2 The email carries the sender's ID or alias

    @EMAIL-2
    Scenario: The email says where to connect
      Given Ada uses a version before 7
      When Ada starts an invitation email from the Invitation Email link
      Then the email contains the ID or the alias of Ada

    @EMAIL-2
    Scenario: The email of a client without an alias carries its ID
      Given Dora uses a version before 7
      And Dora has a portable client
      When Dora starts an invitation email from the context menu of the own ID
      Then the email contains the ID of Dora

    @EMAIL-2
    Scenario: Each sender's email carries the sender's own address
      Given Ada and Bob use version 7 or later
      And Ada has started an invitation email from the context menu of the own ID
      When Bob starts an invitation email from the context menu of the own ID
      Then the email contains the ID or the alias of Bob

  Rule: EMAIL-3 Before version 7 the email links to the AnyDesk website

    @EMAIL-3
    Scenario Outline: The email leads to the AnyDesk website
      Given Ada uses version <version>
      When Ada starts an invitation email from <entry>
      Then the email contains a link to the AnyDesk website

      Examples:
        | version | entry                          |
        | 6.9.9   | the Invitation Email link      |
        | 6.10.0  | the context menu of the own ID |

    @EMAIL-3
    Scenario: The email of a client without an alias leads to the website too
      Given Ada uses a version before 7
      And Ada has a portable client
      When Ada starts an invitation email from the context menu of the own ID
      Then the email contains a link to the AnyDesk website

  Rule: EMAIL-4 Before version 7 the email opens in the default browser

    @EMAIL-4
    Scenario Outline: The default browser shows the email
      Given Ada uses version <version>
      When Ada starts an invitation email from <entry>
      Then an email opens in the default browser

      Examples:
        | version | entry                          |
        | 6.9.9   | the Invitation Email link      |
        | 6.10.0  | the context menu of the own ID |

  Rule: EMAIL-5 Before version 7 the link below the own ID starts an email

    @EMAIL-5
    Scenario Outline: The Invitation Email link of an older client starts an email
      Given Ada uses version <version>
      Then Ada is offered the Invitation Email link
      When Ada starts an invitation email from the Invitation Email link
      Then the attempt succeeds
      And an email opens

      Examples:
        | version |
        | 6.9.9   |
        | 6.10.0  |

    @EMAIL-5
    Scenario: A portable older client has the Invitation Email link too
      Given Ada uses a version before 7
      And Ada has a portable client
      Then Ada is offered the Invitation Email link
      When Ada starts an invitation email from the Invitation Email link
      Then the attempt succeeds
      And an email opens

  Rule: EMAIL-6 Before version 7 the context menu of the own ID starts an email

    @EMAIL-6
    Scenario Outline: The email option of an older client starts an email
      Given Ada uses version <version>
      Then Ada is offered the email option in the context menu of the own ID
      When Ada starts an invitation email from the context menu of the own ID
      Then the attempt succeeds
      And an email opens

      Examples:
        | version |
        | 6.9.9   |
        | 6.10.0  |

    @EMAIL-6
    Scenario: A portable older client has the email option too
      Given Ada uses a version before 7
      And Ada has a portable client
      Then Ada is offered the email option in the context menu of the own ID
      When Ada starts an invitation email from the context menu of the own ID
      Then the attempt succeeds
      And an email opens

  Rule: EMAIL-7 From version 7 on the context menu of the own ID starts an email

    @EMAIL-7
    Scenario Outline: The email option of a client of version 7 or later starts an email
      Given Ada uses version <version>
      Then Ada is offered the email option in the context menu of the own ID
      When Ada starts an invitation email from the context menu of the own ID
      Then the attempt succeeds
      And an email opens

      Examples:
        | version |
        | 7.0.0   |
        | 10.0.0  |

    @EMAIL-7
    Scenario: The email option is still there after a direct invitation
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Bob has rejected the invitation
      Then Ada is offered the email option in the context menu of the own ID
      When Ada starts an invitation email from the context menu of the own ID
      Then the attempt succeeds
      And an email opens

  Rule: EMAIL-8 Connecting to the address in the email only asks for a session

    @EMAIL-8
    Scenario Outline: Whoever follows the email asks for a session and has to wait
      Given Ada uses version <sender>
      And Bob uses version <recipient>
      And Ada has started an invitation email from <entry>
      When Bob connects to the address in the email
      Then the attempt succeeds
      And Ada sees a session request from Bob
      And no session has started
      When 10 seconds have passed since the email was started
      Then no session has started

      Examples:
        | sender | recipient | entry                          |
        | 6.9.9  | 7.1.4     | the Invitation Email link      |
        | 10.0.0 | 6.9.9     | the context menu of the own ID |

    @EMAIL-8
    Scenario: The request reaches the sender of the email and nobody else
      Given Ada, Bob and Dora use version 7 or later
      And Dora has a portable client
      And Bob has a portable client
      And Dora has started an invitation email from the context menu of the own ID
      When Bob connects to the address in the email
      Then Dora sees a session request from Bob
      But Ada sees no session request
      And Bob sees no session request
      And no session has started

    @EMAIL-8
    Scenario: Whoever is in a session with the sender already only asks as well
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Bob has accepted the invitation
      And Ada has started an invitation email from the context menu of the own ID
      When Bob connects to the address in the email
      Then exactly one session has started
      When 10 seconds have passed since the email was started
      Then exactly one session has started

    @EMAIL-8
    Scenario: A sender who is in a session with somebody else is asked as well
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Cid
      And Cid has accepted the invitation
      And Ada has started an invitation email from the context menu of the own ID
      When Bob connects to the address in the email
      Then Ada sees a session request from Bob
      And Bob does not control the device of Ada
      But Cid controls the device of Ada

  Rule: EMAIL-9 An email is not an invitation

    @EMAIL-9
    Scenario: An email leaves nothing pending and notifies nobody
      Given Ada and Bob use a version before 7
      When Ada starts an invitation email from the Invitation Email link
      Then an email opens
      But Ada lists no invitation
      And Bob sees no invitation

    @EMAIL-9
    Scenario: An email does not expire and following it creates no invitation
      Given Ada and Bob use version 7 or later
      When Ada starts an invitation email from the context menu of the own ID
      And 121 seconds have passed since the email was started
      And Bob connects to the address in the email
      Then the attempt succeeds
      And Ada sees a session request from Bob
      But Ada lists no invitation
      And Bob sees no invitation
      And Ada sees no invitation

    @EMAIL-9
    Scenario: An email leaves a pending invitation as it is
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Ada starts an invitation email from the context menu of the own ID
      Then an email opens
      And Bob sees the invitation from Ada
      And Ada sees the invitation to Bob as pending
      When Bob accepts the invitation
      Then Bob controls the device of Ada

  Rule: EMAIL-10 The email carries the alias, or the ID where there is no alias

    @EMAIL-10
    Scenario Outline: A client with an alias puts it into the email
      Given Ada uses version <version>
      When Ada starts an invitation email from <entry>
      Then the email contains the alias of Ada

      Examples:
        | version | entry                          |
        | 6.9.9   | the Invitation Email link      |
        | 7.1.4   | the context menu of the own ID |

  Rule: EMAIL-11 From version 7 on the email links to the website, too

    @EMAIL-11
    Scenario Outline: The email of a client of version 7 or later leads to the website
      Given Ada uses version <version>
      When Ada starts an invitation email from the context menu of the own ID
      Then the attempt succeeds
      And the email contains a link to the AnyDesk website

      Examples:
        | version |
        | 7.0.0   |
        | 10.0.0  |

    @EMAIL-11
    Scenario: The email of a portable client of version 7 leads to the website
      Given Ada uses version 7 or later
      And Ada has a portable client
      When Ada starts an invitation email from the context menu of the own ID
      Then the email contains a link to the AnyDesk website

  Rule: EMAIL-12 From version 7 on the email opens in the default browser, too

    @EMAIL-12
    Scenario Outline: The default browser shows the email of a client of version 7 or later
      Given Ada uses version <version>
      When Ada starts an invitation email from the context menu of the own ID
      Then the attempt succeeds
      And an email opens in the default browser

      Examples:
        | version |
        | 7.0.0   |
        | 10.0.0  |
