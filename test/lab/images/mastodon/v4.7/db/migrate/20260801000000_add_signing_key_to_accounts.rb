# New code reads this column, of which old code knows nothing.
class AddSigningKeyToAccounts < ActiveRecord::Migration[7.2]
  def change = add_column(:accounts, :signing_key, :text)
end
