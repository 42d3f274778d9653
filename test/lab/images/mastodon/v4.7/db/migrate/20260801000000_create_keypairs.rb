# New code reads this table, of which old code knows nothing.
class CreateKeypairs < ActiveRecord::Migration[7.2]
  def change
    create_table :keypairs do |t|
      t.bigint :account_id, null: false, index: { unique: true }
      t.string :private_key
    end
  end
end
